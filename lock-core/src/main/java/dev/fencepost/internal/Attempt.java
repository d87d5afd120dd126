package dev.fencepost.internal;

import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to take a lock on a quorum: sends what a {@link Ballot} asks for, hands it the replies, and cleans up unless it is won.
 *
 * <p>The monitor guards the fields below the outcome, is never held while anything is sent or completed, and nothing changes any more once it is decided.
 */
final class Attempt {
    private final Quorum quorum;
    private final NodeRequest request;
    private final long ttlMillis;
    private final long floor;
    private final long sentNanos;
    private final Scheduler.Task timeout;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private Ballot ballot;
    private final boolean[] raised;
    private final @Nullable String[] reasons;
    private long heldMillis = Long.MAX_VALUE;
    private long newerView;
    /** Grants have gone to all nodes. Before that nothing is decided, or a release could go out before its grant. */
    private boolean sent;

    private boolean abandoned;
    private boolean decided;

    private Attempt(Quorum quorum, String resource, long floor) {
        this.quorum = quorum;
        this.request = quorum.newRequest(resource);
        this.ttlMillis = quorum.settings().lease().toMillis();
        this.floor = floor;
        this.ballot = Ballot.of(quorum.size());
        this.raised = new boolean[quorum.size()];
        this.reasons = new String[quorum.size()];
        this.sentNanos = quorum.nanoTime();
        this.timeout =
                quorum.environment().scheduler().schedule(quorum.settings().nodeTimeout(), this::giveUpOnSilent);
    }

    /** Starts an attempt; every node is asked for a token larger than the floor. */
    static Attempt start(Quorum quorum, String resource, long floor) {
        Attempt attempt = new Attempt(quorum, resource, floor);
        for (int i = 0; i < quorum.size(); i++) {
            int node = i;
            quorum.grant(node, attempt.request, attempt.ttlMillis, attempt.floor)
                    .thenAccept(reply -> attempt.onGrantReply(node, reply));
        }
        synchronized (attempt) {
            attempt.sent = true;
        }
        attempt.settle();
        return attempt;
    }

    /** How the attempt ends. If it is won, whoever takes the outcome owns the lock. */
    CompletionStage<Outcome> outcome() {
        return outcome;
    }

    /** Ends the attempt, releases what it has locked, and leaves the outcome open, unless it is decided already. */
    void abandon() {
        synchronized (this) {
            abandoned = true;
        }
        settle();
    }

    private void onGrantReply(int node, NodeReply reply) {
        synchronized (this) {
            if (decided) {
                return;
            }
            if (reply instanceof NodeReply.Granted granted) {
                ballot = ballot.granted(node, granted.token());
            } else if (reply instanceof NodeReply.Held held) {
                heldMillis = Math.min(heldMillis, held.remainingMillis());
                ballot = ballot.refused(node);
            } else if (reply instanceof NodeReply.Exhausted exhausted) {
                reasons[node] = "its counter is at its end: " + exhausted.counter();
                ballot = ballot.exhausted(node);
            } else {
                onOtherReply(node, reply);
            }
        }
        settle();
    }

    private void onRaiseReply(int node, NodeReply reply) {
        synchronized (this) {
            if (decided) {
                return;
            }
            if (reply instanceof NodeReply.Done) {
                ballot = ballot.raised(node);
            } else if (reply instanceof NodeReply.NotHeld) {
                ballot = ballot.lapsed(node);
            } else {
                onOtherReply(node, reply);
            }
        }
        settle();
    }

    private void onOtherReply(int node, NodeReply reply) {
        if (reply instanceof NodeReply.NewerView newer) {
            newerView = Math.max(newerView, newer.view());
        } else {
            silence(
                    node,
                    reply instanceof NodeReply.Unavailable unavailable ? unavailable.reason() : "answered " + reply);
        }
    }

    private void giveUpOnSilent() {
        synchronized (this) {
            for (int i = 0; !decided && i < quorum.size(); i++) {
                silence(i, quorum.noAnswer());
            }
        }
        settle();
    }

    private void silence(int node, String reason) {
        if (ballot.awaits(node)) {
            reasons[node] = reason;
            ballot = ballot.silent(node);
        }
    }

    /** Sends the raises that the ballot asks for, and ends the attempt when there is something to decide. */
    private void settle() {
        Ballot now;
        long view;
        boolean open;
        boolean unwanted;
        boolean[] raise = new boolean[quorum.size()];
        synchronized (this) {
            if (!sent || decided) {
                return;
            }
            now = ballot;
            view = newerView;
            unwanted = abandoned;
            open = !unwanted && view == 0 && now.verdict() == Ballot.Verdict.OPEN;
            decided = !open;
            for (int i = 0; open && i < raise.length; i++) {
                raise[i] = now.raises(i) && !raised[i];
                raised[i] |= raise[i];
            }
        }
        if (open) {
            sendRaises(raise, now.token());
            return;
        }
        timeout.cancel();
        Outcome end = view > 0 ? new Outcome.Superseded(view) : outcomeOf(now);
        if (unwanted || !(end instanceof Outcome.Won)) {
            quorum.release(request, now.token(), node -> !now.leftNothing(node));
        }
        if (!unwanted) {
            outcome.complete(end);
        }
    }

    private void sendRaises(boolean[] raise, long token) {
        for (int i = 0; i < raise.length; i++) {
            if (raise[i]) {
                int node = i;
                quorum.raise(node, request, token).thenAccept(reply -> onRaiseReply(node, reply));
            }
        }
    }

    private Outcome outcomeOf(Ballot last) {
        return switch (last.verdict()) {
            case COMPLETE -> {
                long deadline = LeaseTime.deadline(sentNanos, ttlMillis);
                yield LeaseTime.remainingNanos(quorum.nanoTime(), deadline) > 0
                        ? new Outcome.Won(request, last.token(), deadline)
                        : unavailable("a quorum took part, but only when nothing of the lease of " + ttlMillis
                                + " ms was left");
            }
            case CONTENDED -> new Outcome.Contended(heldMillis);
            case EXHAUSTED -> new Outcome.Exhausted(quorum.named(reasons));
            case UNAVAILABLE, OPEN ->
                unavailable("fewer than " + Ballot.quorum(quorum.size()) + " of " + quorum.size() + " nodes took part");
        };
    }

    private Outcome unavailable(String what) {
        return new Outcome.Unavailable(
                "'" + request.resource() + "' could not be locked: " + what, quorum.named(reasons));
    }
}
