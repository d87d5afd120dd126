package dev.fencepost.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that come back on the same one.
 *
 * <p>They lie below the ranges from which operating systems take the ports of outgoing connections: otherwise a client
 * could be given the port of a killed server, or, connecting to it, even reach itself. A port stays reserved in this JVM
 * until its server is closed.
 */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 200;
    private static final Set<Integer> RESERVED = new HashSet<>();

    private Ports() {}

    /** A port that nobody listens on. Another process may still be faster: the start of the server has to notice. */
    static synchronized int reserve() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (!RESERVED.contains(port) && isFree(port)) {
                RESERVED.add(port);
                return port;
            }
        }
        throw new ServerException("no free port between " + FIRST + " and " + LAST + " in " + ATTEMPTS + " attempts");
    }

    static synchronized void release(int port) {
        RESERVED.remove(port);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
