package dev.fencepost.spi;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a node answers. Which verb may answer what is said at {@link LockNode}. */
public sealed interface NodeReply {
    /**
     * The resource was free and is now locked for the owner.
     *
     * @param token the new value of the node's counter
     */
    record Granted(long token) implements NodeReply {}

    /**
     * Somebody else holds the resource.
     *
     * @param remainingMillis how long that lock lives at most if nobody prolongs it, in milliseconds; {@link Long#MAX_VALUE} if it lives for ever, which no
     *     client of this library causes
     */
    record Held(long remainingMillis) implements NodeReply {}

    /** The owner held the lock, and what was asked is done. */
    record Done() implements NodeReply {
        /** The only value that is needed. */
        public static final Done INSTANCE = new Done();
    }

    /**
     * The owner held the lock, and it is free now.
     *
     * @param watchers how many clients were told of it, this one included if it watches; 0 if it was not announced
     */
    record Released(long watchers) implements NodeReply {}

    /** The owner does not hold the lock on this node, any more or at all. */
    record NotHeld() implements NodeReply {
        /** The only value that is needed. */
        public static final NotHeld INSTANCE = new NotHeld();
    }

    /**
     * The node has seen a newer view than that of the request, and did nothing.
     *
     * @param view the node's view
     */
    record NewerView(long view) implements NodeReply {}

    /**
     * The node's counter cannot grow any more; it did nothing.
     *
     * @param counter where the counter, or the floor that was asked for, stands, as the node shows it
     */
    record Exhausted(String counter) implements NodeReply {}

    /** The node is not what it was taken for: it has forgotten, or somebody else has changed its marker. It did nothing. */
    record Forgotten() implements NodeReply {
        /** The only value that is needed. */
        public static final Forgotten INSTANCE = new Forgotten();
    }

    /**
     * The node has moved to the view that was asked for.
     *
     * @param marker what it says of itself since
     */
    record Advanced(Marker marker) implements NodeReply {}

    /**
     * What a look at the node showed.
     *
     * @param text the marker exactly as it is stored; empty if there is none
     * @param marker the same, if it can be understood
     * @param process which server process answers; another after every restart
     * @param nowMillis the node's own clock, in milliseconds
     * @param condition how the node is set up
     */
    record Seen(String text, Optional<Marker> marker, String process, long nowMillis, Condition condition)
            implements NodeReply {}

    /**
     * How a node is set up, as far as it tells.
     *
     * @param unusable why it must not be used whatever its marker says, for people; empty if nothing speaks against it
     * @param durable whether it is seen to put everything on its disk before it answers
     * @param facts settings and figures by their names on the node
     */
    record Condition(String unusable, boolean durable, Map<String, String> facts) {}

    /**
     * The node did not take part: unreachable, not ready, refusing to write, or answering what cannot be understood. Whether the request had an effect is unknown.
     *
     * @param reason what a person can act on; no passwords
     */
    record Unavailable(String reason) implements NodeReply {}

    /**
     * What a node says of itself. It is written when the node joins, and a node without it, or with one that another process has written, has forgotten.
     *
     * @param ready whether the node takes part; otherwise it waits to be brought back, or is {@linkplain #isMoving on its way} into another set of nodes
     * @param life a nonce that changes whenever the node joins or begins to wait
     * @param numbers how far the node has come
     * @param terms how long it has to wait
     * @param identity which node of which cluster it is
     */
    record Marker(boolean ready, String life, Numbers numbers, Terms terms, Identity identity) {
        private static final int FIELDS = 16;
        private static final Set<String> STATES = Set.of("R", "W", "M");

        /**
         * How far a node has come. None of these falls within a life.
         *
         * @param view the latest view that it knows of
         * @param mark no token that it has issued or learned is larger
         * @param floor what a counter starts from, whatever else it says
         * @param settled in this view and later ones a quorum of other nodes that hold a lock vouches for it, whatever this node has forgotten or given up: such was
         *     granted in views before this one
         */
        public record Numbers(long view, long mark, long floor, long settled) {}

        /**
         * How long a node that has forgotten has to wait.
         *
         * @param longestMillis the longest lease that it could have granted
         * @param sinceMillis since when it waits or is ready, by its own clock
         * @param kept whether it had the marker of an earlier process, so that it may have kept its data
         */
        public record Terms(long longestMillis, long sinceMillis, boolean kept) {}

        /**
         * Which node of which cluster.
         *
         * @param memory changes whenever the node may have forgotten something; locks of another memory do not count as held
         * @param epoch when the cluster was formatted, and how often its set of nodes was changed since
         * @param process the server process that it joined under
         * @param name what the node is called
         * @param set which nodes make the cluster
         */
        public record Identity(String memory, String epoch, String process, String name, Members set) {
            /**
             * Of a node that is not on its way into another set of nodes.
             *
             * @param memory changes whenever the node may have forgotten something
             * @param epoch when the cluster was formatted
             * @param process the server process that it joined under
             * @param name what the node is called
             * @param members what all nodes of the cluster are called
             */
            public Identity(String memory, String epoch, String process, String name, List<String> members) {
                this(memory, epoch, process, name, new Members(members, List.of(), List.of()));
            }

            /**
             * The nodes of the cluster.
             *
             * @return what all of them are called, in order
             */
            public List<String> members() {
                return set.now;
            }
        }

        /**
         * The nodes of a cluster.
         *
         * @param now what all nodes are called, in order
         * @param next what all nodes of the set are called, in order, that this one is on its way into; empty unless it is
         * @param fresh the lives in which those wait that are new in the next set, or that were new in this one: a node that still waits in such a life has never taken part in it
         */
        public record Members(List<String> now, List<String> next, List<String> fresh) {
            /**
             * Copies the names.
             *
             * @param now what all nodes are called, in order
             * @param next what all nodes of the set are called that this one is on its way into
             * @param fresh the lives in which new ones wait
             */
            public Members {
                now = List.copyOf(now);
                next = List.copyOf(next);
                fresh = List.copyOf(fresh);
            }
        }

        /**
         * Whether the node is on its way into another set of nodes: it takes part in nothing any more, and has forgotten nothing.
         *
         * @return whether that is so
         */
        public boolean isMoving() {
            return !identity.set.next.isEmpty();
        }

        /**
         * Reads a marker.
         *
         * @param text what {@link #text()} has made
         * @return empty if the text is no marker
         */
        public static Optional<Marker> parse(String text) {
            String[] parts = text.split(" ", -1);
            if (parts.length != FIELDS || !STATES.contains(parts[0])) {
                return Optional.empty();
            }
            try {
                long[] n = Arrays.stream(parts, 2, 9).mapToLong(Long::parseLong).toArray();
                return Optional.of(new Marker(
                        parts[0].equals("R"),
                        parts[1],
                        new Numbers(n[0], n[1], n[2], n[3]),
                        new Terms(n[4], n[5], n[6] == 1),
                        new Identity(
                                parts[9],
                                decoded(parts[10]),
                                decoded(parts[11]),
                                decoded(parts[12]),
                                new Members(names(parts[13]), names(parts[14]), names(parts[15])))));
            } catch (IllegalArgumentException e) {
                // Also a number that is none: whatever it is, it was not written by this version.
                return Optional.empty();
            }
        }

        /**
         * One line: what changes often comes first, so that a script on the node has little to read.
         *
         * @return what {@link #parse} reads
         */
        public String text() {
            return String.join(
                    " ",
                    ready ? "R" : isMoving() ? "M" : "W",
                    life,
                    Long.toString(numbers.view),
                    Long.toString(numbers.mark),
                    Long.toString(numbers.floor),
                    Long.toString(numbers.settled),
                    Long.toString(terms.longestMillis),
                    Long.toString(terms.sinceMillis),
                    terms.kept ? "1" : "0",
                    identity.memory,
                    encoded(identity.epoch),
                    encoded(identity.process),
                    encoded(identity.name),
                    encoded(identity.set.now),
                    encoded(identity.set.next),
                    encoded(identity.set.fresh));
        }

        private static List<String> names(String text) {
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(Marker::decoded).toList();
        }

        private static String encoded(List<String> names) {
            return names.stream().map(Marker::encoded).collect(Collectors.joining(","));
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }
}
