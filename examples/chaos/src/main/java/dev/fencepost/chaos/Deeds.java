package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Observation;
import dev.fencepost.servers.RedisServer;

/** What some faults do. */
final class Deeds {
    private Deeds() {}

    static void jump(Arena arena, RedisServer node, long millis) {
        Clocks.jump(arena.disks().get(arena.nodes().indexOf(node)), millis);
    }

    static void flushScripts(RedisServer node) {
        Tell.ifItListens(node, "SCRIPT", "FLUSH");
    }

    static void terminate(Arena arena) {
        if (arena.store().server().isRunning()) {
            arena.store().database().terminateSessions();
        }
    }

    /** It is looked into at once when it is back, before workers can change much. */
    static void stop(Arena arena) {
        if (!arena.store().server().isRunning()) {
            return;
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
    }
}
