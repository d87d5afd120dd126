package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks every node of the cluster to prolong a number of locks, one request a node for all of them, and counts what they say about each. Nodes of another epoch do not answer: of two quorums of different sets of
 * nodes, one may be the holder's and the other somebody else's.
 *
 * <p>The monitor guards the counts; nobody is told anything under it.
 */
final class Extension {
    /**
     * How it went for one lock.
     *
     * @param deadlineNanos if the verdict is held: when the prolonged lease is over
     * @param epoch that of the nodes which were asked
     * @param reasons why nodes did not take part
     */
    record Result(Tally.Verdict verdict, long deadlineNanos, String epoch, Map<String, String> reasons) {}

    /** Who is told how it went. */
    interface Subject {
        HeldLock lock();

        /** Called once, when the verdict is known. */
        void onExtended(Result result);

        /** A node lost the lock that a quorum still held, in this view. Called at most once a node, after the verdict. */
        void onMissing(int node, View view);
    }

    private final Quorum quorum;
    private final List<? extends Subject> subjects;
    private final Roster roster;
    private final long deadlineNanos;
    private final List<Count> counts;

    /** What is known of one lock. */
    private static final class Count {
        private final @Nullable NodeReply[] replies;
        private final boolean[] missing;
        private Tally tally;
        private boolean told;

        private Count(int nodes, int members) {
            replies = new NodeReply[nodes];
            missing = new boolean[nodes];
            tally = Tally.of(members);
        }

        private void note(int node, NodeReply reply) {
            replies[node] = reply;
            if (reply instanceof NodeReply.Done) {
                tally = tally.plusDone();
            } else if (reply instanceof NodeReply.NotHeld) {
                tally = tally.plusNotHeld();
                missing[node] = true;
            } else {
                tally = tally.plusSilent();
            }
        }

        /** Nodes to be told of as missing the lock, each once, as soon as a quorum is known to hold it. */
        private List<Integer> takeMissing() {
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; told && tally.verdict() == Tally.Verdict.HELD && i < missing.length; i++) {
                if (missing[i]) {
                    taken.add(i);
                    missing[i] = false;
                }
            }
            return taken;
        }

        private @Nullable String[] reasons() {
            @Nullable String[] reasons = new String[replies.length];
            for (int i = 0; i < replies.length; i++) {
                NodeReply reply = replies[i];
                if (reply instanceof NodeReply.NotHeld) {
                    reasons[i] = "does not hold the lock any more";
                } else if (reply != null && !(reply instanceof NodeReply.Done)) {
                    reasons[i] = Replies.reason(reply);
                }
            }
            return reasons;
        }
    }

    private Extension(Quorum quorum, List<? extends Subject> subjects, long ttlMillis) {
        this.quorum = quorum;
        this.subjects = subjects;
        this.roster = quorum.roster();
        this.counts = subjects.stream()
                .map(subject -> new Count(quorum.size(), roster.members().size()))
                .toList();
        this.deadlineNanos = quorum.deadline(quorum.nanoTime(), ttlMillis);
        quorum.schedule(quorum.settings().nodeTimeout(), this::giveUpOnSilent);
    }

    /** Sends the requests; every subject is told its result within the node timeout. */
    static void start(Quorum quorum, List<? extends Subject> subjects, long ttlMillis) {
        Extension extension = new Extension(quorum, subjects, ttlMillis);
        List<HeldLock> locks = subjects.stream().map(Subject::lock).toList();
        for (int i = 0; i < quorum.size(); i++) {
            if (extension.roster.isMember(i)) {
                int node = i;
                quorum.extend(node, locks, extension.roster.view(), ttlMillis)
                        .thenAccept(replies -> extension.onReplies(node, replies));
            }
        }
    }

    private void giveUpOnSilent() {
        NodeReply silence = new NodeReply.Unavailable(quorum.noAnswer());
        for (int i = 0; i < quorum.size(); i++) {
            if (roster.isMember(i)) {
                onReplies(i, Collections.nCopies(subjects.size(), silence));
            }
        }
    }

    private void onReplies(int node, List<NodeReply> replies) {
        for (int i = 0; i < subjects.size(); i++) {
            onReply(subjects.get(i), counts.get(i), node, replies.get(i));
        }
    }

    private void onReply(Subject subject, Count count, int node, NodeReply reply) {
        Optional<Result> result = Optional.empty();
        List<Integer> missing;
        synchronized (this) {
            if (count.replies[node] != null) {
                return;
            }
            count.note(node, reply);
            if (!count.told && count.tally.verdict() != Tally.Verdict.OPEN) {
                count.told = true;
                result = Optional.of(new Result(
                        count.tally.verdict(), deadlineNanos, roster.view().epoch(), quorum.named(count.reasons())));
            }
            missing = count.takeMissing();
        }
        result.ifPresent(subject::onExtended);
        missing.forEach(missed -> subject.onMissing(missed, roster.view()));
    }
}
