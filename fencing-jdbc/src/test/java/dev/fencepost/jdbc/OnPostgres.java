package dev.fencepost.jdbc;

import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One server for all test classes, and for each class a database, migrated unless it asks for a blank one. */
final class OnPostgres implements BeforeAllCallback {
    private final boolean migrated;
    private @Nullable PostgresServer server;
    private @Nullable PostgresDatabase database;

    private OnPostgres(boolean migrated) {
        this.migrated = migrated;
    }

    static OnPostgres migrated() {
        return new OnPostgres(true);
    }

    static OnPostgres blank() {
        return new OnPostgres(false);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OnPostgres.class))
                .computeIfAbsent(Running.class)
                .server;
        database = newDatabase();
        if (migrated) {
            FenceSchema.migrate(dataSource());
        }
    }

    /** Another database of the same server, empty. */
    PostgresDatabase newDatabase() {
        return Objects.requireNonNull(server, "the extension has not begun").newDatabase();
    }

    PostgresDatabase database() {
        return Objects.requireNonNull(database, "the extension has not begun");
    }

    /** Connections of their own for each call, no pool. */
    DataSource dataSource() {
        return database().dataSource();
    }

    /** Looks at the database, and prepares it. */
    Jdbi jdbi() {
        return Jdbi.create(dataSource());
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
