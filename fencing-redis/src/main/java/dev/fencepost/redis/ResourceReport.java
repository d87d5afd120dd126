package dev.fencepost.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the nodes have of one resource, each looked at a moment after the other: a lock that is taken or released meanwhile may be seen on some of them. Immutable, and without the names of
 * owners, with which a lock could be released.
 *
 * @param resource its name
 * @param cluster how the nodes were found, with what is odd about them
 * @param copies what each node has, in the order of the nodes
 * @param heldFor how much longer the lock is held on a quorum of ready nodes unless it is extended or released; empty if no owner is seen to hold it there
 * @param odd what somebody should look at, for people; empty if nothing
 */
public record ResourceReport(
        String resource, ClusterReport cluster, List<Copy> copies, Optional<Duration> heldFor, List<String> odd) {
    /**
     * Copies the lists.
     *
     * @param resource its name
     * @param cluster how the nodes were found
     * @param copies what each node has
     * @param heldFor how much longer the lock is held
     * @param odd what somebody should look at
     */
    public ResourceReport {
        copies = List.copyOf(copies);
        odd = List.copyOf(odd);
    }

    /**
     * What one node has of the resource.
     *
     * @param node what the node is called
     * @param problem why nothing is known, for people; empty if the rest is
     * @param lock the lock, if there is one
     * @param counter the counter, if there is one; the next token here is larger than this and than the {@linkplain NodeReport.Progress#floor() floor}
     */
    public record Copy(String node, String problem, Optional<Lock> lock, OptionalLong counter) {}

    /**
     * A lock on one node.
     *
     * @param holder a letter, the same on all nodes for one owner; it means nothing beyond this report
     * @param remaining how long it lives; empty if it lives for ever, which no client causes
     * @param counts whether it counts: the node is ready, and has forgotten nothing since the lock was made
     */
    public record Lock(String holder, Optional<Duration> remaining, boolean counts) {}
}
