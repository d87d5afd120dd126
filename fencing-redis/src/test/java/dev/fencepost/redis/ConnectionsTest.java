package dev.fencepost.redis;

import static dev.fencepost.redis.OnNodes.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** However often a connection is lost, there is one to a node, and no more. */
final class ConnectionsTest {
    private static final int BROKEN_OFF = 5;

    @Test
    void connectionThatEndsBeforeItIsReadyHasOneSuccessor() {
        connectsOnceItIsLetThrough(0);
    }

    @Test
    void connectionThatEndsWhileScriptsAreLoadedHasOneSuccessor() {
        connectsOnceItIsLetThrough(1);
    }

    private static void connectsOnceItIsLetThrough(int answered) {
        try (RedisServers servers = RedisServers.start(1);
                Front front = new Front(servers.node(0), answered);
                LockClient locks = RedisLocks.builder()
                        .formatBlankNodes()
                        .addresses("redis://127.0.0.1:" + front.port())
                        .connectTimeout(SOON)
                        .connect()) {
            locks.tryAcquire("resource").orElseThrow().close();

            // What is opened beside it is there after a few hundredths of a second.
            await().atMost(SOON).during(Duration.ofSeconds(1)).untilAsserted(() -> {
                assertThat(front.open()).isEqualTo(1);
                assertThat(front.opened()).isEqualTo(BROKEN_OFF + 1);
            });
        }
    }

    /** Stands before a node, and breaks the first few connections off when it was asked something, and has answered so many times. */
    private static final class Front implements AutoCloseable {
        private final RedisServer node;
        private final int answered;
        private final ServerSocket listening;
        private final AtomicInteger opened = new AtomicInteger();
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();

        Front(RedisServer node, int answered) {
            this.node = node;
            this.answered = answered;
            try {
                this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            inThread(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        int opened() {
            return opened.get();
        }

        int open() {
            return open.size();
        }

        private void accept() throws IOException {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                boolean breaks = opened.incrementAndGet() <= BROKEN_OFF;
                inThread(() -> serve(client, breaks));
            }
        }

        private void serve(Socket client, boolean breaks) throws IOException {
            open.add(client);
            try (client;
                    Socket upstream = new Socket(node.host(), node.port())) {
                for (int i = 0; breaks && i < answered; i++) {
                    passOne(client, upstream);
                    passOne(upstream, client);
                }
                if (breaks) {
                    assertThat(client.getInputStream().read()).isNotNegative();
                    return;
                }
                inThread(() -> pass(upstream, client));
                pass(client, upstream);
            } finally {
                open.remove(client);
            }
        }

        private static void passOne(Socket from, Socket to) throws IOException {
            byte[] piece = new byte[1_024];
            int length = from.getInputStream().read(piece);
            to.getOutputStream().write(piece, 0, Math.max(0, length));
        }

        private static void pass(Socket from, Socket to) throws IOException {
            try (from;
                    to;
                    InputStream in = from.getInputStream()) {
                in.transferTo(to.getOutputStream());
            }
        }

        private static void inThread(Work work) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            work.run();
                        } catch (IOException ended) {
                            // One of the two has broken off, or the test is over.
                        }
                    },
                    "front of a node");
            thread.setDaemon(true);
            thread.start();
        }

        @FunctionalInterface
        private interface Work {
            void run() throws IOException;
        }

        @Override
        public void close() {
            try {
                listening.close();
                for (Socket socket : open) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
