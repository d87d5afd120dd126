package dev.fencepost.chaos.nemesis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What stands between one client and one server, and treats what goes through as a network may: late, in one direction only, not at all, or cut off between a
 * request and its reply. Safe for use by many threads.
 */
public final class Proxy implements AutoCloseable {
    /** As much as comes while a piece is delayed: what is late has to be late alone, and no less. */
    private static final int BUFFER = 131_072;

    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Weather requests = new Weather();
    private final Weather replies = new Weather();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong broken = new AtomicLong();

    private Proxy(InetSocketAddress server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run("proxy " + listener.getLocalPort(), this::accept);
    }

    /** Stands before a server from now on. */
    public static Proxy before(String host, int port) {
        try {
            return new Proxy(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy before " + host + ":" + port, e);
        }
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** What becomes of that which goes to the server. */
    public Weather requests() {
        return requests;
    }

    /** What becomes of that which comes from the server. */
    public Weather replies() {
        return replies;
    }

    /** Breaks every connection off, at once and without a goodbye. */
    public void reset() {
        broken.addAndGet(connections.size());
        connections.forEach(Connection::reset);
    }

    /** How many pieces were made late or lost so far, and how many connections were broken off on purpose. Never falls. */
    public long struck() {
        return requests.struck() + replies.struck() + broken.get();
    }

    /** Lets everything through again, late things too. */
    public void clear() {
        requests.clear();
        replies.clear();
    }

    @Override
    public void close() {
        clear();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a proxy could not be closed", e);
        }
        reset();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                run("proxy " + port() + " opens", () -> open(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void open(Socket client) {
        Socket upstream = new Socket();
        Connection connection = new Connection(client, upstream);
        connections.add(connection);
        try {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            upstream.connect(server, CONNECT_MILLIS);
        } catch (IOException serverIsDown) {
            // The client sees what it would see of the server itself: a connection that is refused or broken.
            connection.reset();
            return;
        }
        run("proxy " + port() + " replies", () -> pump(connection, upstream, client, replies));
        pump(connection, client, upstream, requests);
    }

    private void pump(Connection connection, Socket from, Socket to, Weather weather) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!weather.passes()) {
                    break;
                }
                to.getOutputStream().write(buffer, 0, length);
            }
        } catch (IOException brokenOff) {
            // By the other direction, by a fault, or by the end of one of the two.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connection.reset();
        }
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Connection {
        private final Socket client;
        private final Socket upstream;

        private Connection(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        private void reset() {
            connections.remove(this);
            abort(client);
            abort(upstream);
        }

        private static void abort(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException closedAlready) {
                return;
            } finally {
                close(socket);
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException("a connection could not be closed", e);
            }
        }
    }
}
