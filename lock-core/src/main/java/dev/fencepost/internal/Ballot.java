package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import java.util.Arrays;

/**
 * What one attempt to take a lock knows of its nodes, and what that justifies: the rule by which a quorum of counters makes a
 * token.
 *
 * <ol>
 *   <li>When a quorum has granted, the token is the largest of <em>those</em> grants, and is fixed.
 *   <li>A node <em>confirms</em> the token if its own grant was not larger, and its counter had reached the token at a moment
 *       when this attempt held the lock there. A node that granted exactly the token has confirmed it; one that granted less
 *       confirms by being raised while it still holds the lock; one that granted more, late, never does.
 *   <li>The attempt is complete when a quorum has confirmed.
 * </ol>
 *
 * <p>Two complete attempts share a node. There one held the lock before the other; when the first hold ended, the counter had
 * reached the first token; so the grant of the second is larger, and with it its token. No clock takes part. See {@code
 * docs/protocol.md}.
 *
 * <p>Immutable: each event gives a new ballot. An event that comes twice or too late changes nothing. Nodes are numbered from 0.
 */
final class Ballot {
    /** What the votes so far come to. */
    enum Verdict {
        /** More replies are needed. */
        OPEN,
        /** A quorum has confirmed the token. */
        COMPLETE,
        /** Enough nodes took part, and somebody else was there first. */
        CONTENDED,
        /** Counters at their end keep a quorum from granting. */
        EXHAUSTED,
        /** Too few nodes took part for any decision. */
        UNAVAILABLE
    }

    private enum Vote {
        /** No reply to the grant yet. */
        AWAITED,
        /** Granted, while the token is not known. */
        GRANTED,
        /** Granted less than the token, and to be raised to it. */
        RAISING,
        /** Counts for the token. */
        CONFIRMED,
        /** Somebody else holds the lock there, or came in between; or its grant was too large to count. */
        REFUSED,
        /** The counter is at its end. */
        EXHAUSTED,
        /** Did not take part. */
        SILENT
    }

    private final int quorum;
    private final Vote[] votes;
    private final long[] grants;
    private final long token;

    private Ballot(int quorum, Vote[] votes, long[] grants, long token) {
        this.quorum = quorum;
        this.votes = votes;
        this.grants = grants;
        this.token = token;
    }

    /**
     * A ballot on which no node has voted yet.
     *
     * @param nodes how many nodes are configured, reachable or not
     */
    static Ballot of(int nodes) {
        return of(nodes, quorum(nodes));
    }

    /**
     * A ballot on which no node has voted yet, and on which not all have to have a vote.
     *
     * @param nodes how many nodes there are; those without a vote are to be {@link #silent} before anything else is counted
     * @param quorum how many of those with a vote make a quorum
     */
    static Ballot of(int nodes, int quorum) {
        Vote[] votes = new Vote[nodes];
        Arrays.fill(votes, Vote.AWAITED);
        return new Ballot(quorum, votes, new long[nodes], 0);
    }

    /**
     * The size of a majority: any two of them share a node.
     *
     * @param nodes how many nodes are configured, reachable or not
     */
    static int quorum(int nodes) {
        return nodes / 2 + 1;
    }

    /** The node granted, with this value of its counter. */
    Ballot granted(int node, long value) {
        if (votes[node] != Vote.AWAITED) {
            return this;
        }
        long[] granted = grants.clone();
        granted[node] = value;
        Vote[] voted = votes.clone();
        if (token != 0) {
            voted[node] = standing(value, token);
            return new Ballot(quorum, voted, granted, token);
        }
        voted[node] = Vote.GRANTED;
        if (count(voted, Vote.GRANTED) < quorum) {
            return new Ballot(quorum, voted, granted, 0);
        }
        long largest = Arrays.stream(granted).max().orElseThrow();
        for (int i = 0; i < voted.length; i++) {
            if (voted[i] == Vote.GRANTED) {
                voted[i] = standing(granted[i], largest);
            }
        }
        return new Ballot(quorum, voted, granted, largest);
    }

    /** Somebody else holds the lock on the node. */
    Ballot refused(int node) {
        return votes[node] == Vote.AWAITED ? with(node, Vote.REFUSED) : this;
    }

    /** The counter of the node cannot grow any more. */
    Ballot exhausted(int node) {
        return votes[node] == Vote.AWAITED ? with(node, Vote.EXHAUSTED) : this;
    }

    /** The node was raised to the token while it held the lock. */
    Ballot raised(int node) {
        return votes[node] == Vote.RAISING ? with(node, Vote.CONFIRMED) : this;
    }

    /** The node was to be raised, and did not hold the lock any more. */
    Ballot lapsed(int node) {
        return votes[node] == Vote.RAISING ? with(node, Vote.REFUSED) : this;
    }

    /** The node does not take part, or did not answer in time. */
    Ballot silent(int node) {
        return awaits(node) ? with(node, Vote.SILENT) : this;
    }

    /** Whether a reply of the node to its grant or raise could still change anything. */
    boolean awaits(int node) {
        return votes[node] == Vote.AWAITED || votes[node] == Vote.RAISING;
    }

    /** Whether the node is to be raised to the token, and has not answered that. */
    boolean raises(int node) {
        return votes[node] == Vote.RAISING;
    }

    /** Whether the node refused without keeping anything of this attempt, so that there is nothing to release on it. */
    boolean leftNothing(int node) {
        return grants[node] == 0 && (votes[node] == Vote.REFUSED || votes[node] == Vote.EXHAUSTED);
    }

    /** Whether the node has granted, whatever that came to. */
    boolean hasGranted(int node) {
        return grants[node] != 0;
    }

    /** Whether any node has granted. */
    boolean anyGranted() {
        return Arrays.stream(grants).anyMatch(grant -> grant != 0);
    }

    /** Whether a quorum may confirm if no other nodes than these are asked. */
    boolean isPossibleFor(boolean[] asked) {
        int possible = 0;
        for (int i = 0; i < votes.length; i++) {
            boolean may = switch (votes[i]) {
                case AWAITED -> asked[i];
                case GRANTED, RAISING, CONFIRMED -> true;
                case REFUSED, EXHAUSTED, SILENT -> false;
            };
            possible += may ? 1 : 0;
        }
        return possible >= quorum;
    }

    /** The first node that has said anything to the point; -1 if none has. */
    int firstAnswered() {
        for (int i = 0; i < votes.length; i++) {
            if (votes[i] != Vote.AWAITED && votes[i] != Vote.SILENT) {
                return i;
            }
        }
        return -1;
    }

    /** What the node has said, in the words of an event. */
    LockEvent.Vote vote(int node) {
        return switch (votes[node]) {
            case AWAITED -> LockEvent.Vote.AWAITED;
            case GRANTED, RAISING -> LockEvent.Vote.GRANTED;
            case CONFIRMED -> LockEvent.Vote.CONFIRMED;
            case REFUSED -> LockEvent.Vote.REFUSED;
            case EXHAUSTED -> LockEvent.Vote.EXHAUSTED;
            case SILENT -> LockEvent.Vote.SILENT;
        };
    }

    /** The token, or 0 while no quorum has granted. It is good for nothing unless the verdict is {@link Verdict#COMPLETE}. */
    long token() {
        return token;
    }

    /** What the votes come to. */
    Verdict verdict() {
        int confirmed = count(votes, Vote.CONFIRMED);
        if (confirmed >= quorum) {
            return Verdict.COMPLETE;
        }
        int possible = confirmed + count(votes, Vote.AWAITED) + count(votes, Vote.GRANTED) + count(votes, Vote.RAISING);
        if (possible >= quorum) {
            return Verdict.OPEN;
        }
        int spare = votes.length - quorum;
        int silent = count(votes, Vote.SILENT);
        if (silent > spare) {
            return Verdict.UNAVAILABLE;
        }
        return silent + count(votes, Vote.EXHAUSTED) > spare ? Verdict.EXHAUSTED : Verdict.CONTENDED;
    }

    private static Vote standing(long grant, long token) {
        if (grant == token) {
            return Vote.CONFIRMED;
        }
        return grant < token ? Vote.RAISING : Vote.REFUSED;
    }

    private Ballot with(int node, Vote vote) {
        Vote[] voted = votes.clone();
        voted[node] = vote;
        return new Ballot(quorum, voted, grants, token);
    }

    private static int count(Vote[] votes, Vote wanted) {
        int count = 0;
        for (Vote vote : votes) {
            if (vote == wanted) {
                count++;
            }
        }
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ballot that
                && quorum == that.quorum
                && token == that.token
                && Arrays.equals(votes, that.votes)
                && Arrays.equals(grants, that.grants);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(votes) + Arrays.hashCode(grants)) + Long.hashCode(token);
    }

    @Override
    public String toString() {
        return "token " + token + ", votes " + Arrays.toString(votes) + ", grants " + Arrays.toString(grants);
    }
}
