package dev.fencepost.examples.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * The scripts of this library through Redisson's public API, {@code RScript.evalShaAsync}, returning at the quorum.
 *
 * <p>The pooled connections of a client keep no order, so that a release has to wait for the answer to its own grant on the same node. Nobody
 * waits for the releases before the end of a round. Counters that disagree are not raised: on resources that one thread uses, they do not.
 */
final class ScriptWay implements Way {
    private static final String LEASE_MILLIS = "30000";
    private static final String VIEW = "0";
    private static final String FLOOR = "0";
    private static final String NOT_ANNOUNCED = "";

    private final RedissonClients clients;
    private final String grant;
    private final String release;
    /** Ends when every release has. */
    private CompletableFuture<Void> underWay = CompletableFuture.allOf();

    ScriptWay(List<String> nodes) {
        this.clients = new RedissonClients(nodes);
        this.grant = load("grant");
        this.release = load("release");
    }

    @Override
    public String title() {
        return "RScript.evalShaAsync, 5 nodes, token";
    }

    @Override
    public void acquireAndRelease(String resource) {
        List<RedissonClient> nodes = clients.all();
        List<Object> keys = List.of("bench:lock:" + resource, "bench:token:" + resource, "bench:view");
        String owner = UUID.randomUUID().toString();
        Votes votes = new Votes(nodes.size());
        List<CompletionStage<String>> grants = new ArrayList<>();
        for (RedissonClient node : nodes) {
            CompletionStage<String> token = call(node, grant, keys, owner, LEASE_MILLIS, VIEW, FLOOR)
                    .thenApply(reply -> granted(resource, reply));
            token.whenComplete(votes);
            grants.add(token);
        }
        votes.join();
        CompletableFuture<?>[] releases = new CompletableFuture<?>[grants.size()];
        for (int i = 0; i < releases.length; i++) {
            RedissonClient node = nodes.get(i);
            releases[i] = grants.get(i)
                    .thenCompose(token -> call(node, release, keys, owner, token, NOT_ANNOUNCED))
                    .toCompletableFuture();
        }
        leaveUnderWay(CompletableFuture.allOf(releases));
    }

    @Override
    public void settle() {
        underWay().join();
    }

    private synchronized void leaveUnderWay(CompletableFuture<Void> work) {
        underWay = CompletableFuture.allOf(underWay, work);
    }

    private synchronized CompletableFuture<Void> underWay() {
        return underWay;
    }

    @Override
    public void close() {
        clients.close();
    }

    /** Completes when a quorum has granted, and fails when one no longer can. */
    private static final class Votes extends CompletableFuture<Void> implements BiConsumer<String, Throwable> {
        private final int quorum;
        private final AtomicInteger grants = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        Votes(int nodes) {
            this.quorum = nodes / 2 + 1;
        }

        @Override
        public void accept(String token, Throwable failure) {
            if (failure == null && grants.incrementAndGet() == quorum) {
                complete(null);
            } else if (failure != null && failures.incrementAndGet() == quorum) {
                completeExceptionally(failure);
            }
        }
    }

    private static CompletionStage<List<Object>> call(
            RedissonClient node, String sha, List<Object> keys, Object... arguments) {
        return node.getScript(StringCodec.INSTANCE)
                .evalShaAsync(RScript.Mode.READ_WRITE, sha, RScript.ReturnType.LIST, keys, arguments);
    }

    private static String granted(String resource, List<Object> reply) {
        if (!reply.get(0).equals("GRANTED")) {
            throw new IllegalStateException(resource + " was to be free, and the node says " + reply);
        }
        return String.valueOf(reply.get(1));
    }

    private String load(String verb) {
        String file = "/dev/fencepost/redis/" + verb + ".lua";
        try (InputStream in = ScriptWay.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return clients.all().stream()
                    .map(client -> client.getScript(StringCodec.INSTANCE).scriptLoad(text))
                    .distinct()
                    .reduce((one, other) -> {
                        throw new IllegalStateException("nodes disagree on the digest of " + file);
                    })
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
