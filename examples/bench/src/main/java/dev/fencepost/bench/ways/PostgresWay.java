package dev.fencepost.bench.ways;

import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.LockClient;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.PostgresLocks;
import dev.fencepost.servers.PostgresDatabase;

/** This library on PostgreSQL alone, on pooled connections. A token is on disk before it is handed out. */
public final class PostgresWay implements Way {
    private final HikariDataSource pool = new HikariDataSource();
    private final Way way;

    /** Makes the tables, and connects. */
    public PostgresWay(PostgresDatabase database) {
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        FenceSchema.migrate(pool);
        LockClient locks = PostgresLocks.connect(pool);
        way = new FencepostWay("Fencepost, PostgreSQL with fsync, token", locks);
    }

    @Override
    public String title() {
        return way.title();
    }

    @Override
    public void acquireAndRelease(String resource) {
        way.acquireAndRelease(resource);
    }

    @Override
    public Runnable acquire(String resource) {
        return way.acquire(resource);
    }

    @Override
    public void close() {
        way.close();
        pool.close();
    }
}
