package dev.fencepost.redis;

import dev.fencepost.FencingToken;
import dev.fencepost.redis.internal.FenceScript;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.redisson.api.RedissonClient;

/**
 * The guard for data that is itself in Redis: admits a fencing token and writes under it in one script, so that the check and the write cannot come apart. It is useful with
 * tokens from any lock service.
 *
 * <p>It admits and refuses what the guard of {@code fencing-jdbc} does, and says the same: a token is admitted unless the fence of its resource has admitted a larger one, or the
 * same number of another owner.
 *
 * <p><b>Guaranteed:</b> on one Redis server, once a token was admitted nothing is written through a fence under an older one. The writes of one call are all seen or none.
 *
 * <p><b>Not guaranteed:</b> anything about commands that go around the fence. More durability than the server has: what it acknowledged may be gone after a crash, unless
 * it runs with {@code appendfsync always}, or after a failover to a replica; then the fence and the data fall back together, and a holder that had been refused may be
 * admitted again. The fence has no time to live and must not be evicted ({@code maxmemory-policy noeviction}). In a Redis Cluster all keys must share a slot with
 * the fence, whose key is {@code fencepost:fence:{resource}}.
 *
 * <p>A holder is protected from late writes of older holders from its first call on, so {@link #claim} before you read.
 *
 * <p>Failures of the connection are Redisson's own exceptions ({@code org.redisson.client.RedisException}). After one it is unknown whether the call took effect: repeat it with the same
 * token. A client that repeats requests by itself may repeat one late, after others under the same token; under an older token than the last one nothing is written even then.
 *
 * <p>Safe for use by many threads.
 */
public final class RedisFence {
    private final FenceScript script;

    private RedisFence(FenceScript script) {
        this.script = script;
    }

    /** Whether a write that may be made once was made now. */
    public enum Once {
        /** It was made by this call. */
        APPLIED,
        /** It had been made by an earlier call with the same token, and was not made again. */
        ALREADY_APPLIED
    }

    /**
     * One change of one key. Values and fields are text.
     */
    public static final class Write {
        private final String key;
        private final String kind;
        private final List<String> values;

        private Write(String key, String kind, List<String> values) {
            this.key = requireKey(key);
            this.kind = kind;
            this.values = List.copyOf(values);
        }

        /**
         * Sets a key to a value, whatever was there, without a time to live.
         *
         * @param key the key
         * @param value the value
         * @return the change
         */
        public static Write value(String key, String value) {
            return new Write(key, "SET", List.of(Objects.requireNonNull(value, "value")));
        }

        /**
         * Sets fields of a hash, and leaves its others.
         *
         * @param key the key; if there is something that is no hash, the whole call is refused
         * @param fields what to set, at least one
         * @return the change
         */
        public static Write hash(String key, Map<String, String> fields) {
            if (fields.isEmpty()) {
                throw new IllegalArgumentException(
                        "fields of the hash '" + key + "' must be at least one, but are none");
            }
            List<String> values = fields.entrySet().stream()
                    .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
                    .toList();
            return new Write(key, "HSET", values);
        }

        /**
         * Deletes a key.
         *
         * @param key the key
         * @return the change
         */
        public static Write delete(String key) {
            return new Write(key, "DEL", List.of());
        }

        private static String requireKey(String key) {
            Objects.requireNonNull(key, "key");
            if (key.isEmpty() || key.startsWith(FenceScript.PREFIX)) {
                throw new IllegalArgumentException("key must not be empty nor begin with " + FenceScript.PREFIX
                        + ", which is where fences are, but is '" + key + "'");
            }
            return key;
        }

        @Override
        public String toString() {
            return kind + " " + key;
        }
    }

    /**
     * A fence over the Redis that a client of the application's is connected to.
     *
     * @param redisson the client, not closed by this
     * @return the fence
     */
    public static RedisFence of(RedissonClient redisson) {
        return new RedisFence(new FenceScript(Objects.requireNonNull(redisson, "redisson")));
    }

    /**
     * Admits a token and writes nothing: from then on no older token writes. Do it before reading what the writes are computed from.
     *
     * @param token the token
     * @throws StaleTokenException if the token is refused
     */
    public void claim(FencingToken token) {
        write(token);
    }

    /**
     * Writes under a token that may write any number of times. A repeated call writes again.
     *
     * @param token the token to write under
     * @param writes what to write, in this order, all of it or nothing
     * @throws StaleTokenException if the token is refused; nothing was written
     * @throws IllegalArgumentException if one key is to be a value and a hash
     */
    public void write(FencingToken token, Write... writes) {
        require(token, run(token, false, writes));
    }

    /**
     * Writes what a token may write once, whatever is repeated. A repeated call is told that the write had been made.
     *
     * @param token the token to write under
     * @param writes what to write, in this order, all of it or nothing
     * @return whether it was written by this call
     * @throws StaleTokenException if the token is refused; this call wrote nothing
     */
    public Once writeOnce(FencingToken token, Write... writes) {
        FenceScript.Reply reply = require(token, run(token, true, writes));
        return reply.verdict() == FenceScript.Verdict.CLAIMED ? Once.APPLIED : Once.ALREADY_APPLIED;
    }

    private FenceScript.Reply run(FencingToken token, boolean once, Write... writes) {
        Objects.requireNonNull(token, "token");
        requireWritable(writes);
        List<FenceScript.Change> changes = Arrays.stream(writes)
                .map(write -> new FenceScript.Change(write.key, write.kind, write.values))
                .toList();
        return script.run(token, once, changes);
    }

    /** What Redis would refuse in the middle, when it cannot be taken back any more. What keys have been before, the script looks at. */
    private static void requireWritable(Write... writes) {
        Set<String> values = new HashSet<>();
        for (Write write : writes) {
            if (write.kind.equals("SET")) {
                values.add(write.key);
            } else if (write.kind.equals("DEL")) {
                values.remove(write.key);
            } else if (values.contains(write.key)) {
                throw new IllegalArgumentException(
                        "key '" + write.key + "' is set to a value and cannot be a hash in the same call");
            }
        }
    }

    private static FenceScript.Reply require(FencingToken token, FenceScript.Reply reply) {
        if (reply.verdict() == FenceScript.Verdict.STALE) {
            throw new StaleTokenException(token, FencingToken.of(token.resource(), reply.lastToken()));
        }
        return reply;
    }
}
