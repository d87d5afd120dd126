package dev.fencepost;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happens in a lock client, as a {@link LockListener} sees it. Durations are by the client's own clock. */
public sealed interface LockEvent {
    /** How an attempt to take a lock ended. */
    enum Result {
        /** With a token. */
        WON,
        /** Somebody else holds the resource, or tried at the same moment. */
        CONTENDED,
        /** Too few nodes took part. */
        UNAVAILABLE,
        /** No larger token exists. */
        EXHAUSTED,
        /** A node named a newer view; the attempt is made again in that. */
        SUPERSEDED,
        /** The caller gave up. */
        ABANDONED
    }

    /** What a node had said when an attempt was decided. */
    enum Vote {
        /** Nothing yet; an attempt does not wait for more than it needs. */
        AWAITED,
        /** It granted, and did not come to count. */
        GRANTED,
        /** It counts for the token. */
        CONFIRMED,
        /** Somebody else holds or held the lock there. */
        REFUSED,
        /** Its counter is at its end. */
        EXHAUSTED,
        /** It did not take part. */
        SILENT
    }

    /**
     * What one node said.
     *
     * @param node the node's name
     * @param vote what it said
     * @param latency how long its last reply took; empty without one
     */
    record NodeVote(String node, Vote vote, Optional<Duration> latency) {}

    /**
     * One attempt to take a lock was decided.
     *
     * @param resource what was to be locked
     * @param result how it ended
     * @param votes what each node had said by then
     * @param took from the first request to the decision
     * @param heldFor how long the locks that were in the way live at least, where a node said so
     */
    record Attempted(String resource, Result result, List<NodeVote> votes, Duration took, Optional<Duration> heldFor)
            implements LockEvent {
        /**
         * Copies the votes.
         *
         * @param resource what was to be locked
         * @param result how it ended
         * @param votes what each node had said by then
         * @param took from the first request to the decision
         * @param heldFor how long the locks that were in the way live at least
         */
        public Attempted {
            votes = List.copyOf(votes);
        }
    }

    /**
     * A lease was acquired.
     *
     * @param token its token
     * @param attempts how many attempts it took; 0 if what it got in the end was asked for by another that stood before it in line
     * @param roundTrips how many round trips the last attempt took: 1, or 2 if counters had to be raised; 0 if what it got was held by its process already
     * @param waited from the call to the lease
     */
    record Acquired(FencingToken token, int attempts, int roundTrips, Duration waited) implements LockEvent {}

    /**
     * A lease was prolonged.
     *
     * @param token its token
     * @param remaining how long it lasts from now
     */
    record Extended(FencingToken token, Duration remaining) implements LockEvent {}

    /**
     * A lease was lost.
     *
     * @param token its token
     * @param heldFor how long it was held
     * @param reason how it was lost, for people
     */
    record Lost(FencingToken token, Duration heldFor, String reason) implements LockEvent {}

    /**
     * A lease was closed that had not been lost.
     *
     * @param token its token
     * @param heldFor how long it was held
     */
    record Released(FencingToken token, Duration heldFor) implements LockEvent {}

    /**
     * A node went out of use.
     *
     * @param node its name
     * @param reason why, for people
     */
    record NodeUnreachable(String node, String reason) implements LockEvent {}

    /**
     * A node came back into use, or into use for the first time.
     *
     * @param node its name
     * @param after how long it was out of use, from the start of the client at the earliest
     */
    record NodeBack(String node, Duration after) implements LockEvent {}

    /**
     * The client goes by another set of nodes from now on; also at the start, if it was given other ones as members. Those that are no members any more go out of use.
     *
     * @param members what all nodes of the cluster are called, in order
     */
    record NodesChanged(List<String> members) implements LockEvent {
        /**
         * Copies the names.
         *
         * @param members what all nodes of the cluster are called
         */
        public NodesChanged {
            members = List.copyOf(members);
        }
    }

    /**
     * A node was found to have forgotten what it granted. It takes no part until it is brought back.
     *
     * @param node its name
     * @param reason what happened to it, for people
     */
    record NodeForgotten(String node, String reason) implements LockEvent {}

    /**
     * A node that has forgotten stays out until no lease is left that it may have granted.
     *
     * @param node its name
     * @param left for how much longer
     */
    record NodeQuarantined(String node, Duration left) implements LockEvent {}

    /**
     * A node that had forgotten has caught up, and takes part again.
     *
     * @param node its name
     * @param after how long after it was found to have forgotten
     * @param quarantined whether it had to stay out for the longest lease
     * @param reason what had happened to it, for people
     */
    record NodeRejoined(String node, Duration after, boolean quarantined, String reason) implements LockEvent {}
}
