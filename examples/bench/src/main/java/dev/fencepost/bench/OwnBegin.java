package dev.fencepost.bench;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;

/** Begins as Jdbi does, but is not known to: so the guard leaves it to the driver to send BEGIN, as a message of its own. */
final class OwnBegin extends DelegatingTransactionHandler {
    OwnBegin() {
        this(new LocalTransactionHandler());
    }

    private OwnBegin(TransactionHandler delegate) {
        super(delegate);
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws SQLException {
        return new OwnBegin(getDelegate().specialize(handle));
    }
}
