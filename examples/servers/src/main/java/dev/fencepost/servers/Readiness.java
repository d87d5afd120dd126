package dev.fencepost.servers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something outside this JVM that tells nobody when it happens, by asking. */
final class Readiness {
    private static final long BETWEEN_NANOS = Duration.ofMillis(20).toNanos();

    private Readiness() {}

    static void await(Duration limit, BooleanSupplier condition, Supplier<String> failure) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ServerException("after " + limit + ": " + failure.get());
            }
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    static boolean answersPing(RedisServer server) {
        try {
            return server.command("PING").equals("PONG");
        } catch (ServerException notYet) {
            return false;
        }
    }

    static boolean answersQuery(PostgresDatabase database) {
        try {
            return database.query("SELECT 1").equals("1");
        } catch (ServerException notYet) {
            return false;
        }
    }
}
