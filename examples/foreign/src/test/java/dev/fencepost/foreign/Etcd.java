package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** An etcd process with one member, driven through its JSON gateway: what a lock needs of it is one transaction. */
final class Etcd implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String address = "http://127.0.0.1:" + freePort();
    private final Process process;

    private Etcd(Path data) throws IOException {
        String peers = "http://127.0.0.1:" + freePort();
        process = new ProcessBuilder(
                        "etcd",
                        "--data-dir=" + data,
                        "--listen-client-urls=" + address,
                        "--advertise-client-urls=" + address,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=default=" + peers)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Starts one on an empty directory. Fails where there is no {@code etcd} on the path. */
    static Etcd start(Path data) throws IOException {
        Etcd etcd = new Etcd(data);
        await().atMost(SOON).ignoreExceptions().until(() -> {
            etcd.post("/v3/kv/range", Map.of("key", base64("any")));
            return true;
        });
        return etcd;
    }

    /** A lease that lives so long unless it is renewed. */
    String lease(Duration time) {
        return text(post("/v3/lease/grant", Map.of("TTL", time.toSeconds())), "ID");
    }

    /** Ends a lease, and with it whatever was put under it, as when nobody has renewed it in time. */
    void expire(String lease) {
        post("/v3/lease/revoke", Map.of("ID", lease));
    }

    /** Takes the lock if it is free: makes its key under the lease, and returns the revision that made it. */
    OptionalLong tryLock(String name, String lease) {
        String key = base64("locks/" + name);
        Map<String, Object> reply = post(
                "/v3/kv/txn",
                Map.of(
                        "compare",
                        List.of(Map.of("key", key, "target", "CREATE", "result", "EQUAL", "createRevision", "0")),
                        "success",
                        List.of(Map.of("requestPut", Map.of("key", key, "value", base64("held"), "lease", lease)))));
        return Boolean.TRUE.equals(reply.get("succeeded"))
                ? OptionalLong.of(Long.parseLong(text(asMap(reply.get("header")), "revision")))
                : OptionalLong.empty();
    }

    private Map<String, Object> post(String path, Map<String, Object> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.std.asString(body)))
                    .timeout(SOON)
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JSON.std.mapFrom(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked") // objects of JSON have names for keys
    private static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }

    private static String text(Map<String, Object> reply, String field) {
        return String.valueOf(reply.get(field));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        assertThat(process.onExit()).succeedsWithin(SOON);
    }
}
