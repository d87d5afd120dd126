package dev.fencepost.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SwitchProxyTest {
    @Test
    void answersThatWereDelayedAreNotOvertakenByLaterOnes() throws Exception {
        try (Pair pair = new Pair()) {
            pair.proxy.delay(Duration.ofMillis(100));
            long sent = System.nanoTime();
            pair.server.getOutputStream().write(1);
            // The proxy need not have read it by now: the order has to be right in any case.
            pair.proxy.delay(Duration.ZERO);
            pair.server.getOutputStream().write(2);
            InputStream in = pair.client.getInputStream();
            assertThat(in.read()).isEqualTo(1);
            assertThat(in.read()).isEqualTo(2);
            pair.proxy.delay(Duration.ofMillis(100));
            pair.server.getOutputStream().write(3);
            assertThat(in.read()).isEqualTo(3);
            assertThat(System.nanoTime() - sent).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    @Test
    void whatIsSwallowedNeverArrivesAndTheConnectionStaysOpenUntilThatEnds() throws Exception {
        try (Pair pair = new Pair()) {
            pair.proxy.swallow(true);
            pair.client.getOutputStream().write(1);
            pair.server.setSoTimeout(100);
            assertThatThrownBy(() -> pair.server.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            pair.proxy.swallow(false);
            pair.server.setSoTimeout(30_000);
            assertThat(pair.server.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A connection by way of a proxy, both its ends. */
    private static final class Pair implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final SwitchProxy proxy = new SwitchProxy(listener.getLocalPort());
        private final Socket client = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(proxy.uri()).getPort());
        private final Socket server = listener.accept();

        Pair() throws IOException {
            server.setTcpNoDelay(true);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            proxy.close();
            listener.close();
        }
    }
}
