package dev.fencepost.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports for servers that come back on the same one.
 *
 * <p>They lie below the ranges from which operating systems take the ports of outgoing connections: otherwise a client
 * could be given the port of a killed server, or, connecting to it, even reach itself. A port stays reserved until its
 * server is closed, also against other JVMs of this user that reserve ports here: for each, a byte of one file is locked,
 * and the operating system frees it when this JVM ends in whatever way.
 */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 200;
    private static final Path LOCKS =
            Path.of(System.getProperty("java.io.tmpdir"), "fencepost-ports-" + System.getProperty("user.name"));
    private static final Map<Integer, FileLock> RESERVED = new HashMap<>();
    /** Never closed: to close any channel of the file would free all locks of this JVM on it. */
    private static @Nullable FileChannel locks;

    private Ports() {}

    /** A port that nobody listens on. Another process may still be faster: the start of the server has to notice. */
    static synchronized int reserve() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (!RESERVED.containsKey(port) && tryReserve(port)) {
                if (isFree(port)) {
                    return port;
                }
                release(port);
            }
        }
        throw new ServerException("no free port between " + FIRST + " and " + LAST + " in " + ATTEMPTS + " attempts");
    }

    static synchronized void release(int port) {
        FileLock lock = RESERVED.remove(port);
        if (lock != null) {
            try {
                lock.release();
            } catch (IOException e) {
                throw new UncheckedIOException("could not free port " + port + " in " + LOCKS, e);
            }
        }
    }

    /** Reserves this one, unless it is reserved already. */
    static synchronized boolean tryReserve(int port) {
        try {
            FileChannel open = locks;
            if (open == null) {
                open = FileChannel.open(LOCKS, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                locks = open;
            }
            FileLock lock = open.tryLock(port, 1, false);
            if (lock == null) {
                return false;
            }
            RESERVED.put(port, lock);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("could not reserve port " + port + " in " + LOCKS, e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
