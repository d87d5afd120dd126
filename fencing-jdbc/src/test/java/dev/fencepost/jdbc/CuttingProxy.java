package dev.fencepost.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a client and PostgreSQL, and cuts the connection at the commit: before the server hears of it, or before the client does. */
final class CuttingProxy {
    /** Where to cut. */
    enum Cut {
        NOWHERE,
        BEFORE_THE_COMMIT_ARRIVES,
        BEFORE_ITS_ANSWER_ARRIVES
    }

    /** In a Parse message: the client asks for a commit. */
    private static final String REQUEST = "COMMIT";

    /** In a CommandComplete message: the server has committed. */
    private static final String ANSWER = "COMMIT\0";

    private final ServerSocket listener;
    private final String host;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Future<?> accepting;
    private final AtomicReference<Cut> cut = new AtomicReference<>(Cut.NOWHERE);

    CuttingProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.accepting = threads.submit(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Cuts the next connection that commits, and none after it. */
    void cutNext(Cut where) {
        cut.set(where);
    }

    boolean hasCut() {
        return cut.get() == Cut.NOWHERE;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(host, port);
                threads.execute(() -> copy(client, server, REQUEST, Cut.BEFORE_THE_COMMIT_ARRIVES));
                threads.execute(() -> copy(server, client, ANSWER, Cut.BEFORE_ITS_ANSWER_ARRIVES));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Copies until an end, or the text that it is to be cut at. */
    private void copy(Socket from, Socket to, String text, Cut where) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            String tail = "";
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                tail += new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                if (tail.contains(text) && cut.compareAndSet(where, Cut.NOWHERE)) {
                    return;
                }
                out.write(buffer, 0, n);
                tail = tail.substring(Math.max(0, tail.length() - text.length()));
            }
        } catch (IOException ended) {
            // The other direction has closed both sockets.
        }
    }

    /** Returns when no more connections are taken. */
    void close() throws Exception {
        listener.close();
        accepting.get();
        threads.shutdown();
    }
}
