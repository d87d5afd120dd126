package dev.fencepost.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy before a server that echoes every byte, and tells the test what it was sent. */
final class ProxyTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOMENT_MILLIS = 150;

    private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    private ServerSocket server;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        run(this::serve);
        proxy = Proxy.before("127.0.0.1", server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void whatIsSentArrivesAndWhatIsRepliedComesBack() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(7);

            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(arrived.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(7);
        }
    }

    @Test
    void heldRequestsDoNotArriveUntilTheyAreLetThrough() throws Exception {
        try (Socket client = connect()) {
            proxy.requests().hold();
            client.getOutputStream().write(7);

            assertThat(arrived.poll(MOMENT_MILLIS, TimeUnit.MILLISECONDS)).isNull();

            proxy.clear();
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void heldRepliesDoNotComeBackThoughTheirRequestsArrive() throws Exception {
        try (Socket client = connect()) {
            proxy.replies().hold();
            client.getOutputStream().write(7);

            assertThat(arrived.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(7);
            client.setSoTimeout(MOMENT_MILLIS);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.clear();
            client.setSoTimeout(PATIENCE_MILLIS);
            assertThat(client.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void cutReplyBreaksTheConnectionAfterTheRequestHasArrived() throws Exception {
        try (Socket client = connect()) {
            proxy.replies().cut(1);
            client.getOutputStream().write(7);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(arrived.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(7);
        }
    }

    @Test
    void delayedRepliesAreLateByAtLeastThat() throws Exception {
        try (Socket client = connect()) {
            proxy.replies().delay(MOMENT_MILLIS);
            long before = System.nanoTime();
            client.getOutputStream().write(7);

            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(MOMENT_MILLIS));
        }
    }

    @Test
    void whatIsLateOrLostOrBrokenOffIsCountedAndNothingElse() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(proxy.struck()).isZero();

            proxy.replies().delay(1);
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(proxy.struck()).isEqualTo(1);

            proxy.clear();
            proxy.reset();
            assertThat(proxy.struck()).isEqualTo(2);
        }
    }

    @Test
    void resetOfAProxyThatNobodyUsesHitsNothing() {
        proxy.reset();

        assertThat(proxy.struck()).isZero();
    }

    @Test
    void resetBreaksWhatIsOpenAndLetsNewConnectionsThrough() throws Exception {
        try (Socket client = connect();
                Socket next = connectAfter(client)) {
            next.getOutputStream().write(9);

            assertThat(next.getInputStream().read()).isEqualTo(9);
        }
    }

    /** Uses a connection, breaks it off, and makes another. */
    private Socket connectAfter(Socket client) throws IOException {
        client.getOutputStream().write(7);
        assertThat(client.getInputStream().read()).isEqualTo(7);
        proxy.reset();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        return connect();
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                run(() -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                arrived.add(next);
                socket.getOutputStream().write(next);
            }
        } catch (SocketException brokenOff) {
            // By the proxy, as the test wants it.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Runnable work) {
        Thread thread = new Thread(work, "server of the test");
        thread.setDaemon(true);
        thread.start();
    }
}
