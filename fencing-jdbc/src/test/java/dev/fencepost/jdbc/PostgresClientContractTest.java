package dev.fencepost.jdbc;

import dev.fencepost.LockClient;
import dev.fencepost.LockClientContract;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PostgreSQL alone, as the application's role does it that has the documented rights and no others. */
class PostgresClientContractTest extends LockClientContract {
    @RegisterExtension
    static final OnPostgres POSTGRES = OnPostgres.migrated();

    @Override
    protected LockClient connect(Settings settings) {
        PostgresLocksBuilder builder = PostgresLocks.builder(
                        LockRole.of(POSTGRES.database()).dataSource())
                .lease(settings.lease())
                .listener(settings.listener());
        settings.pause().ifPresent(pause -> builder.retryDelay(pause, pause));
        if (settings.autoExtend()) {
            builder.autoExtend();
        }
        return builder.connect();
    }
}
