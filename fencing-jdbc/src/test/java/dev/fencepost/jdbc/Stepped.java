package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.fail;

import dev.fencepost.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * One transaction under one token that is driven step by step: claim, write, end. A step that has to wait for the other transaction waits on a
 * thread of its own, and so do the steps that are asked for behind it.
 */
final class Stepped implements AutoCloseable {
    /** How the transaction came out, as its client was told. */
    enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        STALE,
        ALREADY_APPLIED,
        CONFLICT
    }

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final FenceGuard guard;
    private final Connection connection;
    private final int backend;

    private FencingToken token = FencingToken.of("unset", 1);
    private boolean once;
    private volatile @Nullable Outcome outcome;
    private @Nullable Future<?> last;

    Stepped(FenceGuard guard, Connection connection, int isolation) throws SQLException {
        this.guard = guard;
        this.connection = connection;
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(isolation);
        this.backend = connection.unwrap(PGConnection.class).getBackendPID();
    }

    void begin(FencingToken claimed, boolean claimOnce) {
        token = claimed;
        once = claimOnce;
        outcome = null;
    }

    void claim() {
        submit(() -> {
            if (once) {
                if (guard.claimOnce(connection, token) == Once.ALREADY_APPLIED) {
                    outcome = Outcome.ALREADY_APPLIED;
                }
            } else {
                guard.claim(connection, token).orThrow();
            }
        });
    }

    void write() {
        submit(() -> {
            if (outcome == null) {
                try (PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO written (token, owner) VALUES (?, ?)")) {
                    statement.setLong(1, token.value());
                    statement.setString(2, token.owner());
                    statement.executeUpdate();
                }
            }
        });
    }

    void end(boolean commit) {
        submit(() -> {
            if (outcome == null && commit) {
                connection.commit();
                outcome = Outcome.COMMITTED;
            } else {
                connection.rollback();
                outcome = outcome == null ? Outcome.ROLLED_BACK : outcome;
            }
        });
    }

    /** Returns when every step that was asked for is done, or one of them waits for a lock in the server. */
    void settle(Connection monitor) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        Future<?> pending = Objects.requireNonNull(last);
        while (!pending.isDone() && !isBlocked(monitor)) {
            if (Instant.now().isAfter(deadline)) {
                fail(token + " is neither done nor waiting for a lock");
            }
            Thread.onSpinWait();
        }
    }

    boolean isBlocked(Connection monitor) throws SQLException {
        try (Statement statement = monitor.createStatement();
                var row = statement.executeQuery("SELECT cardinality(pg_blocking_pids(" + backend + ")) > 0")) {
            return row.next() && row.getBoolean(1);
        }
    }

    Outcome outcome() throws Exception {
        Objects.requireNonNull(last).get();
        return Objects.requireNonNull(outcome);
    }

    private void submit(Step step) {
        last = thread.submit(() -> {
            try {
                step.run();
            } catch (StaleTokenException e) {
                outcome = Outcome.STALE;
            } catch (TransactionConflictException e) {
                outcome = Outcome.CONFLICT;
            } catch (SQLException e) {
                if (!"40001".equals(e.getSQLState())) {
                    throw e;
                }
                outcome = Outcome.CONFLICT;
            }
            return null;
        });
    }

    @Override
    public void close() throws SQLException {
        thread.shutdownNow();
        connection.close();
    }

    private interface Step {
        void run() throws SQLException;
    }
}
