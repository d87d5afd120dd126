package dev.fencepost.examples.recipes;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.jdbc.FencedRows;
import dev.fencepost.jdbc.RowResult;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/**
 * A cache that many processes share, without a stampede: when a value has grown old, one of them computes it anew, and the others serve the old one meanwhile, or wait where there is none.
 *
 * <p>The lock only saves work here: two processes that compute at once do no harm but to the backend. What would do harm is an old value that a stopped process puts over a newer one; each row carries the
 * number of the token that it was computed under, and refuses a smaller one.
 */
public final class SharedCache {
    private static final FencedRows ROWS = new FencedRows("public", "shared_cache", "key", "last_token");
    private static final String READ =
            ClasspathSqlLocator.create().getResource("dev/fencepost/examples/recipes/read-cache.sql");

    private final Jdbi jdbi;
    private final LockClient locks;
    private final Ages ages;

    /** A cache in the table {@code shared_cache}. */
    public SharedCache(Jdbi jdbi, LockClient locks, Ages ages) {
        this.jdbi = jdbi;
        this.locks = locks;
        this.ages = ages;
    }

    /**
     * How old a value may be. Ages are by the clock of the database alone.
     *
     * @param fresh up to this age a value is served as it is
     * @param stale up to this age it is served while somebody computes a new one
     * @param patience how long to wait for somebody who computes a value when there is none that may be served
     */
    public record Ages(Duration fresh, Duration stale, Duration patience) {}

    /** What is locked while a value is computed. */
    static String resource(String key) {
        return "cache/" + key;
    }

    /**
     * Returns a value, and computes it if need be and nobody else does.
     *
     * @throws LockTimeoutException if there is no value that may be served, and whoever computes it takes longer than the patience
     */
    public String get(String key, Supplier<String> compute) {
        Optional<Value> found = read(key);
        if (found.filter(value -> value.isYoungerThan(ages.fresh())).isPresent()) {
            return found.get().text();
        }
        // Perhaps none gets in of those who try at the same moment. Then all of them serve the old value, and the next
        // call tries again. Where there is nothing to serve, they wait.
        Optional<Lease> free = locks.tryAcquire(resource(key));
        if (free.isEmpty()
                && found.filter(value -> value.isYoungerThan(ages.stale())).isPresent()) {
            return found.get().text();
        }
        try (Lease lease = free.orElseGet(() -> locks.acquire(resource(key), ages.patience()))) {
            return refresh(lease, key, compute);
        }
    }

    private String refresh(Lease lease, String key, Supplier<String> compute) {
        // Whoever held the lock before has most likely computed it.
        Optional<Value> found = read(key).filter(value -> value.isYoungerThan(ages.fresh()));
        if (found.isPresent()) {
            return found.get().text();
        }
        OffsetDateTime asOf = jdbi.withHandle(handle -> handle.createQuery("SELECT clock_timestamp()")
                .mapTo(OffsetDateTime.class)
                .one());
        String text = compute.get();
        RowResult result = jdbi.withHandle(handle -> ROWS.upsert(
                handle,
                lease.token(),
                key,
                Map.of("value", text, "computed_at", asOf.withOffsetSameInstant(ZoneOffset.UTC))));
        // Somebody has computed it later than this, and is right.
        return result instanceof RowResult.Stale ? read(key).map(Value::text).orElse(text) : text;
    }

    private Optional<Value> read(String key) {
        return jdbi.withHandle(handle -> handle.createQuery(READ)
                .bind("key", key)
                .map((row, context) -> new Value(row.getString("value"), Duration.ofMillis(row.getLong("age_millis"))))
                .findOne());
    }

    private record Value(String text, Duration age) {
        boolean isYoungerThan(Duration limit) {
            return age.compareTo(limit) < 0;
        }
    }
}
