package dev.fencepost.servers;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says what a run uses: one line for each kind of server, once. */
final class Announcements {
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Announcements() {}

    static void say(String what) {
        if (SAID.add(what)) {
            System.out.println("servers: " + what);
        }
    }
}
