package dev.fencepost.chaos;

import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.ServerException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Deletes keys of one node after another, quickly, until it is over. */
final class Storm {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(4);
    private static final String SCRIPT =
            "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end return 'OK'";

    private final List<RedisServer> nodes;
    private final String keys;
    private final Random random;
    private volatile boolean over;
    private volatile @Nullable RuntimeException failure;
    private @Nullable Thread thread;

    /** Deletes the keys of a pattern. */
    Storm(List<RedisServer> nodes, String keys, long seed) {
        this.nodes = nodes;
        this.keys = keys;
        this.random = new Random(seed);
    }

    void begin() {
        Thread started = new Thread(this::rage, "storm");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    void end() {
        over = true;
        Thread started = thread;
        if (started == null) {
            return;
        }
        try {
            started.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RuntimeException failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the storm broke off", failed);
        }
    }

    private void rage() {
        try {
            while (!over) {
                Chance.one(nodes, random).command("EVAL", SCRIPT, "0", keys);
                LockSupport.parkNanos(PAUSE);
            }
        } catch (ServerException e) {
            failure = e;
        }
    }
}
