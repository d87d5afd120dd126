package dev.fencepost.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.FencingToken;
import dev.fencepost.bench.measure.Workers;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.FencedRows;
import dev.fencepost.jdbc.FencedTables;
import dev.fencepost.jdbc.Once;
import dev.fencepost.jdbc.OnceResult;
import dev.fencepost.jdbc.Protection;
import dev.fencepost.jdbc.RowResult;
import dev.fencepost.servers.PostgresDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Ways to change one row in a transaction, each on as many pooled connections as there are threads, and each thread on a row of its own. Safe for use by many threads. */
final class Writes implements AutoCloseable {
    static final int CONNECTIONS = 8;
    static final int BATCH = 100;

    private static final String UPDATE = "UPDATE plain_account SET cents = cents + 1 WHERE id = ?";
    private static final FencedRows ROWS = new FencedRows("public", "row_account", "id", "last_token");

    private final HikariDataSource pool = new HikariDataSource();
    private final Jdbi jdbi;
    private final FenceGuard guard;
    private final FenceGuard ownBegin;
    private final AtomicLong tokens = new AtomicLong();

    /** Changes the row of a thread once. */
    @FunctionalInterface
    interface Write {
        void on(int row);
    }

    Writes(PostgresDatabase database) {
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.user());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(CONNECTIONS);
        jdbi = Jdbi.create(pool);
        guard = FenceGuard.of(jdbi);
        Jdbi own = Jdbi.create(pool);
        own.setTransactionHandler(new OwnBegin());
        ownBegin = FenceGuard.of(own);
        FenceSchema.migrate(pool);
        jdbi.useHandle(handle -> handle.createScript(tables()).execute());
        FencedTables.protect(pool, Protection.byColumn("public", "guarded_account", "resource"));
    }

    /** How many transactions a second one way comes to. */
    static double rate(Write write, Duration duration) {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        List<Long> counts = Workers.run(CONNECTIONS, row -> {
            long count = 0;
            do {
                write.on(row);
                count++;
            } while (System.nanoTime() - end < 0);
            return count;
        });
        return counts.stream().mapToLong(Long::longValue).sum() * 1e9 / (System.nanoTime() - start);
    }

    void plain(int row) {
        jdbi.useTransaction(handle -> handle.execute(UPDATE, row));
    }

    /** Begin, write and commit in one round trip, as nobody writes by hand: what a guarded write of one round trip is to be compared with besides. */
    void plainAtOnce(int row) {
        jdbi.useHandle(handle -> handle.execute("BEGIN; " + UPDATE + "; COMMIT", row));
    }

    void advisory(int row) {
        jdbi.useTransaction(handle -> {
            handle.execute("SELECT pg_advisory_xact_lock(?)", (long) row);
            handle.execute(UPDATE, row);
        });
    }

    void forUpdate(int row) {
        jdbi.useTransaction(handle -> {
            handle.execute("SELECT cents FROM plain_account WHERE id = ? FOR UPDATE", row);
            handle.execute(UPDATE, row);
        });
    }

    void once(int row) {
        require(guard.writeOnce(fresh(row), handle -> handle.execute(UPDATE, row)));
    }

    /** Under one token all the time, as the holder of one lease writes. */
    void write(int row) {
        guard.write(FencingToken.of("lease/" + row, 1), handle -> handle.execute(UPDATE, row));
    }

    void trigger(int row) {
        require(guard.writeOnce(
                fresh(row),
                handle -> handle.execute("UPDATE guarded_account SET cents = cents + 1 WHERE id = ?", row)));
    }

    /** Claim, write and commit in one round trip. */
    void onceAsSql(int row) {
        require(guard.sql().writeOnce(fresh(row), UPDATE, row));
    }

    void onceWithOwnBegin(int row) {
        require(ownBegin.writeOnce(fresh(row), handle -> handle.execute(UPDATE, row)));
    }

    void onceAsSqlWithOwnBegin(int row) {
        require(ownBegin.sql().writeOnce(fresh(row), UPDATE, row));
    }

    void triggerAsSql(int row) {
        require(guard.sql().writeOnce(fresh(row), "UPDATE guarded_account SET cents = cents + 1 WHERE id = ?", row));
    }

    void inRow(int row) {
        jdbi.useTransaction(handle -> {
            FencingToken token = fresh(row);
            RowResult result = ROWS.update(handle, token, row, Map.of("cents", token.value()));
            if (!(result instanceof RowResult.Applied)) {
                throw new IllegalStateException("the row was to be written, and is " + result);
            }
        });
    }

    void plainBatch(int row) {
        jdbi.useTransaction(handle -> batch(handle, row));
    }

    void onceBatch(int row) {
        require(guard.writeOnce(fresh(row), handle -> batch(handle, row)));
    }

    private static void batch(Handle handle, int row) {
        PreparedBatch batch = handle.prepareBatch(UPDATE);
        for (int i = 0; i < BATCH; i++) {
            batch.bind(0, row * BATCH + i).add();
        }
        batch.execute();
    }

    private FencingToken fresh(int row) {
        return FencingToken.of("account/" + row, tokens.incrementAndGet());
    }

    private static void require(OnceResult<Integer> result) {
        if (!(result instanceof OnceResult.First)) {
            throw new IllegalStateException("a fresh token was said to be " + result);
        }
    }

    private static void require(Once once) {
        if (once != Once.FIRST) {
            throw new IllegalStateException("a fresh token was said to be " + once);
        }
    }

    private static String tables() {
        try (InputStream in = Writes.class.getResourceAsStream("tables.sql")) {
            if (in == null) {
                throw new IllegalStateException("tables.sql is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("tables.sql", e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
