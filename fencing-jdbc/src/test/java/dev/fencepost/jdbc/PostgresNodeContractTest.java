package dev.fencepost.jdbc;

import dev.fencepost.jdbc.internal.locks.Joining;
import dev.fencepost.jdbc.internal.locks.PostgresNode;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockNodeContract;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real server, on which every test finds empty tables, as the application's role does that has the documented rights and no others. */
class PostgresNodeContractTest extends LockNodeContract {
    @RegisterExtension
    static final OnPostgres POSTGRES = OnPostgres.migrated();

    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Override
    protected LockNode open() {
        POSTGRES.jdbi().useHandle(handle -> handle.execute("TRUNCATE fencepost.lock, fencepost.lock_node"));
        PostgresNode node = new PostgresNode(
                new Joining(LockRole.of(POSTGRES.database()).dataSource(), LONGEST, false), 2, EventSink.NONE);
        node.connect(Duration.ofSeconds(20));
        return node;
    }

    @Override
    protected void pass(String resource, Duration time) {
        POSTGRES.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE fencepost.lock SET expires_at = expires_at - ? * interval '1 ms' WHERE resource = ?",
                        time.toMillis(),
                        resource));
    }
}
