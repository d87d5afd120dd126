package dev.fencepost.foreign;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.servers.PostgresServer;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A table that is written under tokens of whatever source. One server for all test classes, a database for each. */
final class Ledger implements BeforeAllCallback {
    private @Nullable DataSource dataSource;
    private @Nullable Jdbi jdbi;
    private @Nullable FenceGuard guard;

    @Override
    public void beforeAll(ExtensionContext context) {
        PostgresServer server = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Ledger.class))
                .computeIfAbsent(Running.class)
                .server;
        dataSource = server.newDatabase().dataSource();
        FenceSchema.migrate(dataSource);
        jdbi = Jdbi.create(dataSource);
        guard = FenceGuard.of(jdbi);
        jdbi.useHandle(
                handle -> handle.execute("CREATE TABLE balance (account text PRIMARY KEY, cents bigint NOT NULL)"));
    }

    DataSource dataSource() {
        return Objects.requireNonNull(dataSource, "the extension has not begun");
    }

    FenceGuard guard() {
        return Objects.requireNonNull(guard, "the extension has not begun");
    }

    /** Writes who it was by under a token, through the guard. */
    void write(FencingToken token, long cents) {
        guard().write(
                        token,
                        handle -> handle.execute(
                                "INSERT INTO balance (account, cents) VALUES (?, ?)"
                                        + " ON CONFLICT (account) DO UPDATE SET cents = excluded.cents",
                                token.resource(),
                                cents));
    }

    /** What is there; -1 if nothing was ever written. */
    long cents(String account) {
        return Objects.requireNonNull(jdbi, "the extension has not begun")
                .withHandle(handle -> handle.createQuery("SELECT cents FROM balance WHERE account = ?")
                        .bind(0, account)
                        .mapTo(Long.class)
                        .findOne()
                        .orElse(-1L));
    }

    /** Closed with the root of all tests. */
    static final class Running implements AutoCloseable {
        private final PostgresServer server = PostgresServer.start();

        @Override
        public void close() {
            server.close();
        }
    }
}
