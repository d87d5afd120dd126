package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.Scheduler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks every node to prolong one lock, and counts what they say. The monitor guards the fields below it. */
final class Extension {
    /**
     * How it went.
     *
     * @param deadlineNanos if the verdict is held: when the prolonged lease is over
     * @param reasons why nodes did not take part
     */
    record Result(Tally.Verdict verdict, long deadlineNanos, Map<String, String> reasons) {}

    private final Quorum quorum;
    private final long deadlineNanos;
    private final Scheduler.Task timeout;
    private final CompletableFuture<Result> result = new CompletableFuture<>();

    private Tally tally;
    private final boolean[] answered;
    private final @Nullable String[] reasons;

    private Extension(Quorum quorum, long ttlMillis) {
        this.quorum = quorum;
        this.tally = Tally.of(quorum.size());
        this.answered = new boolean[quorum.size()];
        this.reasons = new String[quorum.size()];
        this.deadlineNanos = LeaseTime.deadline(quorum.nanoTime(), ttlMillis);
        this.timeout =
                quorum.environment().scheduler().schedule(quorum.settings().nodeTimeout(), this::giveUpOnSilent);
    }

    static Extension start(Quorum quorum, NodeRequest request, long token, long ttlMillis) {
        Extension extension = new Extension(quorum, ttlMillis);
        for (int i = 0; i < quorum.size(); i++) {
            int node = i;
            quorum.extend(node, request, ttlMillis, token).thenAccept(reply -> extension.onReply(node, reply));
        }
        return extension;
    }

    CompletableFuture<Result> result() {
        return result;
    }

    private void giveUpOnSilent() {
        for (int i = 0; i < quorum.size(); i++) {
            onReply(i, new NodeReply.Unavailable(quorum.noAnswer()));
        }
    }

    private void onReply(int node, NodeReply reply) {
        Result done;
        synchronized (this) {
            if (answered[node]) {
                return;
            }
            answered[node] = true;
            if (reply instanceof NodeReply.Done) {
                tally = tally.plusDone();
            } else if (reply instanceof NodeReply.NotHeld) {
                tally = tally.plusNotHeld();
                reasons[node] = "does not hold the lock any more";
            } else {
                tally = tally.plusSilent();
                reasons[node] = reply instanceof NodeReply.Unavailable gone ? gone.reason() : "answered " + reply;
            }
            if (tally.verdict() == Tally.Verdict.OPEN) {
                return;
            }
            done = new Result(tally.verdict(), deadlineNanos, quorum.named(reasons));
        }
        if (result.complete(done)) {
            timeout.cancel();
        }
    }
}
