package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Observation;
import dev.fencepost.servers.RedisServer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What some faults do. */
final class Deeds {
    private Deeds() {}

    static void jump(Arena arena, RedisServer node, long millis) {
        Clocks.jump(arena.disks().get(arena.nodes().indexOf(node)), millis);
    }

    static boolean flushScripts(RedisServer node) {
        return Tell.ifItListens(node, "SCRIPT", "FLUSH");
    }

    /** Whether there was a session to be ended. */
    static boolean terminate(Arena arena) {
        return arena.store().server().isRunning() && arena.store().database().terminateSessions() > 0;
    }

    /** Does it to all that can be; whether there were any. */
    static <T> boolean toSome(List<T> all, Predicate<T> deed) {
        boolean some = false;
        for (T one : all) {
            some |= deed.test(one);
        }
        return some;
    }

    /** Does it to those nodes that are not down because of another fault; whether there were any. */
    static boolean toRunning(List<RedisServer> nodes, Consumer<RedisServer> deed) {
        return toSome(nodes, node -> {
            boolean running = node.isRunning();
            if (running) {
                deed.accept(node);
            }
            return running;
        });
    }

    /**
     * It is looked into at once when it is back, before workers can change much.
     *
     * @return whether it was running
     */
    static boolean stop(Arena arena) {
        if (!arena.store().server().isRunning()) {
            return false;
        }
        long crash = System.nanoTime();
        arena.store().server().stopImmediate();
        arena.store().server().restart();
        arena.store()
                .database()
                .read()
                .fence()
                .values()
                .forEach(holder ->
                        arena.noticed().add(new Observation.AfterCrash(holder.resource(), holder.token(), crash)));
        return true;
    }
}
