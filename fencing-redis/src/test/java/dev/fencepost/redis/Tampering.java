package dev.fencepost.redis;

import dev.fencepost.servers.RedisServer;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Takes one part of the rule out, by lying to the real client about what a node did. */
enum Tampering {
    /** The rule as it is. */
    NONE,
    /** Every node confirms, and none is asked: the maximum of the grants as it stands. */
    NO_CONFIRM,
    /** A node is raised whether or not the lock is still held there. */
    NO_OWNER_CHECK,
    /** A node whose own grant was larger than the token counts as if it had granted the token. */
    LARGER_GRANT_COUNTS;

    private static final String BLIND_RAISE = "if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then "
            + "redis.call('SET', KEYS[1], ARGV[1]) end return 'DONE'";

    /** What of a node is tampered with. */
    interface Verbs {
        default NodeReply grantReply(NodeRequest request, NodeReply reply) {
            return reply;
        }

        default CompletionStage<NodeReply> raise(LockNode node, NodeRequest request, long token) {
            return node.raise(request, token);
        }
    }

    Verbs of(int index, Ballots ballots, RedisServer server) {
        return switch (this) {
            case NONE -> new Verbs() {};
            case NO_CONFIRM ->
                new Verbs() {
                    @Override
                    public CompletionStage<NodeReply> raise(LockNode node, NodeRequest request, long token) {
                        return CompletableFuture.completedStage(NodeReply.Done.INSTANCE);
                    }
                };
            case NO_OWNER_CHECK ->
                new Verbs() {
                    @Override
                    public CompletionStage<NodeReply> raise(LockNode node, NodeRequest request, long token) {
                        return CompletableFuture.supplyAsync(() -> {
                            server.command(
                                    "EVAL",
                                    BLIND_RAISE,
                                    "1",
                                    "fencepost:token:" + request.resource(),
                                    Long.toString(token));
                            return NodeReply.Done.INSTANCE;
                        });
                    }
                };
            case LARGER_GRANT_COUNTS ->
                new Verbs() {
                    @Override
                    public NodeReply grantReply(NodeRequest request, NodeReply reply) {
                        return ballots.cap(request, reply);
                    }
                };
        };
    }

    /** Knows which grants the client has seen, and so which token it has fixed. */
    static final class Ballots {
        private final int quorum;
        private final Map<String, List<Long>> grants = new ConcurrentHashMap<>();

        Ballots(int nodes) {
            this.quorum = nodes / 2 + 1;
        }

        NodeReply cap(NodeRequest request, NodeReply reply) {
            if (!(reply instanceof NodeReply.Granted granted)) {
                return reply;
            }
            List<Long> seen = grants.computeIfAbsent(request.owner(), owner -> new ArrayList<>());
            synchronized (seen) {
                if (seen.size() < quorum) {
                    seen.add(granted.token());
                    return reply;
                }
                long token = seen.stream().mapToLong(Long::longValue).max().orElseThrow();
                return new NodeReply.Granted(Math.min(token, granted.token()));
            }
        }
    }
}
