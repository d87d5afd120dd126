package dev.fencepost.redis;

import dev.fencepost.LockClient;
import dev.fencepost.redis.internal.Keys;
import dev.fencepost.redis.internal.NodeAddress;
import dev.fencepost.redis.internal.Wiring;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes lock clients on independent Redis nodes, 6.2 or newer. Independent means: no replication between them, no Redis Cluster, and as few causes
 * of failure in common as can be had.
 *
 * <p>With N nodes, N / 2 + 1 have to answer. One node is allowed, and tolerates no failure.
 */
public final class RedisLocks {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLocks.class);

    private RedisLocks() {}

    /**
     * Connects with the default settings.
     *
     * @param addresses one for each node, as {@code redis://[[user]:password@]host[:port]}, or {@code rediss://} for TLS; the order means nothing
     * @return a client, to be closed by the caller
     * @throws IllegalArgumentException if there are no addresses, one cannot be understood, or two are of one node
     * @throws dev.fencepost.QuorumUnavailableException if fewer than a quorum can be reached; the message says why for each
     */
    public static LockClient connect(String... addresses) {
        return builder().addresses(addresses).connect();
    }

    /**
     * Starts from the default settings.
     *
     * @return a builder, for use by one thread
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. For use by one thread; nothing is checked before {@link #connect()}. */
    public static final class Builder {
        private static final Duration LONGEST_CONNECT_TIMEOUT = Duration.ofMinutes(5);

        private List<String> addresses = List.of();
        private Duration lease = LockSettings.DEFAULT.lease();
        private Duration maxLease = LockSettings.DEFAULT.maxLease();
        private Duration nodeTimeout = LockSettings.DEFAULT.nodeTimeout();
        private Duration retryDelay = LockSettings.DEFAULT.retryDelay();
        private Duration maxRetryDelay = LockSettings.DEFAULT.maxRetryDelay();
        private Duration connectTimeout = Duration.ofSeconds(3);
        private String keyPrefix = "fencepost";

        private Builder() {}

        /**
         * The nodes.
         *
         * @param addresses one for each node, as {@code redis://[[user]:password@]host[:port]}, or {@code rediss://} for TLS
         * @return this builder
         */
        public Builder addresses(String... addresses) {
            this.addresses = new ArrayList<>(Arrays.asList(addresses));
            return this;
        }

        /**
         * How long a lock is held unless it is extended. 30 seconds unless set.
         *
         * @param lease at least 10 ms, and at most {@link #maxLease(Duration)}
         * @return this builder
         */
        public Builder lease(Duration lease) {
            this.lease = lease;
            return this;
        }

        /**
         * The longest lease that this client ever asks for. 5 minutes unless set. It should be the same for all clients of the same nodes.
         *
         * @param maxLease at most a day
         * @return this builder
         */
        public Builder maxLease(Duration maxLease) {
            this.maxLease = maxLease;
            return this;
        }

        /**
         * How long to wait for a node that stays silent, before an attempt goes without it. Nodes that answer in time are never waited
         * for that long. Half a second unless set.
         *
         * @param nodeTimeout at least 1 ms, and less than the lease
         * @return this builder
         */
        public Builder nodeTimeout(Duration nodeTimeout) {
            this.nodeTimeout = nodeTimeout;
            return this;
        }

        /**
         * How long to wait at most for a connection, and for a quorum of nodes at the start. 3 seconds unless set.
         *
         * @param connectTimeout from 1 ms to 5 minutes
         * @return this builder
         */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        /**
         * How long to pause between attempts at a lock that somebody else holds: a first pause that doubles up to a largest one, each
         * spread by half. 10 and 200 ms unless set.
         *
         * @param first at least 1 ms
         * @param largest at least the first
         * @return this builder
         */
        public Builder retryDelay(Duration first, Duration largest) {
            this.retryDelay = first;
            this.maxRetryDelay = largest;
            return this;
        }

        /**
         * What all keys on the nodes start with. {@code fencepost} unless set. Clients with different prefixes do not see each other's locks.
         *
         * @param keyPrefix 1 to 64 letters, digits, dots, dashes or underscores
         * @return this builder
         */
        public Builder keyPrefix(String keyPrefix) {
            this.keyPrefix = keyPrefix;
            return this;
        }

        /**
         * Checks the settings, connects, and waits until a quorum of the nodes can be used. The others go on being tried in the background.
         *
         * @return a client, to be closed by the caller
         * @throws IllegalArgumentException if a setting is not allowed; the message names it, its value, and what is allowed
         * @throws dev.fencepost.QuorumUnavailableException if fewer than a quorum can be reached; the message says why for each. Nothing is
         *     left running
         */
        public LockClient connect() {
            LockSettings settings = new LockSettings(lease, maxLease, nodeTimeout, retryDelay, maxRetryDelay);
            requireConnectTimeout();
            Keys keys = new Keys(Objects.requireNonNull(keyPrefix, "keyPrefix"));
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses must name at least one node, but are empty");
            }
            List<NodeAddress> parsed =
                    addresses.stream().map(NodeAddress::parse).toList();
            Wiring wiring = new Wiring(parsed, keys, connectTimeout);
            Environment environment =
                    new Environment(System::nanoTime, wiring.scheduler(), new SecureRandom(), new Random());
            LockClient client;
            try {
                client = QuorumLocks.over(wiring.nodes(), settings, environment, wiring::close);
            } catch (RuntimeException e) {
                wiring.nodes().forEach(LockNode::close);
                wiring.close();
                throw e;
            }
            try {
                wiring.connect(QuorumLocks.quorum(parsed.size()), connectTimeout);
            } catch (RuntimeException e) {
                client.close();
                throw e;
            }
            if (parsed.size() % 2 == 0) {
                LOG.warn("{} nodes tolerate no more failures than {} would", parsed.size(), parsed.size() - 1);
            }
            return client;
        }

        private void requireConnectTimeout() {
            Objects.requireNonNull(connectTimeout, "connectTimeout");
            if (connectTimeout.toMillis() < 1 || connectTimeout.compareTo(LONGEST_CONNECT_TIMEOUT) > 0) {
                throw new IllegalArgumentException("connectTimeout must be from 1 ms to "
                        + LONGEST_CONNECT_TIMEOUT.toMillis() + " ms, but is " + connectTimeout);
            }
        }
    }
}
