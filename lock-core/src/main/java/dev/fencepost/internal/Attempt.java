package dev.fencepost.internal;

import dev.fencepost.LockEvent;
import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * One attempt to take a lock on a quorum: sends what a {@link Ballot} asks for, hands it the replies, and cleans up unless it is won.
 *
 * <p>The monitor guards the fields below the outcome, is never held while anything is sent or completed, and nothing changes any more once it is decided.
 */
final class Attempt {
    /** No node goes first: all are asked at once. */
    static final int ALL_AT_ONCE = -1;

    /** Those that were asked first are given one part in so many of the node timeout. */
    private static final int PATIENCE = 4;

    private static final boolean[] NOBODY = {};

    private final Quorum quorum;
    private final NodeRequest request;
    private final long ttlMillis;
    private final Wanted wanted;
    private final long sentNanos;
    private final long deadlineNanos;
    private final Scheduler.Task timeout;
    /** At its end all nodes are asked, if those that were asked first have left it open for so long. */
    private final Pause patience;

    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final CompletableFuture<Void> lateGrant = new CompletableFuture<>();

    private Ballot ballot;
    private final Replies replies;
    private final Asking asking;
    /** Nodes to which a raise has gone out. */
    private final boolean[] raised;
    /** How often grants are just going out. Until all have, nothing is decided, or a release could go out before its grant. The first are on their way from the beginning. */
    private int sending = 1;

    private boolean abandoned;
    private boolean timedOut;
    private boolean decided;

    private Attempt(Quorum quorum, Wanted wanted, Asking asking) {
        this.quorum = quorum;
        this.wanted = wanted;
        this.request = quorum.newRequest(wanted.resource(), asking.roster().view(), wanted.tokens());
        this.ttlMillis = quorum.settings().leases().length().toMillis();
        this.asking = asking;
        this.ballot = asking.roster().ballot();
        this.raised = new boolean[quorum.size()];
        this.sentNanos = quorum.nanoTime();
        this.deadlineNanos = quorum.deadline(sentNanos, ttlMillis);
        this.replies = new Replies(quorum, asking.roster(), wanted.resource(), sentNanos);
        this.patience = new Pause(quorum, this::onImpatience);
        this.timeout = quorum.schedule(quorum.settings().nodeTimeout(), this::giveUpOnSilent);
    }

    /**
     * Starts an attempt.
     *
     * @param gate the node that is asked first and alone, the others only if it grants, so that of several attempts in each other's way one wins; or {@link
     *     #ALL_AT_ONCE}
     */
    static Attempt start(Quorum quorum, Wanted wanted, int gate) {
        Attempt attempt = new Attempt(quorum, wanted, Asking.of(quorum, wanted.resource(), gate));
        attempt.sendGrants(attempt.asking.begin());
        attempt.bePatient();
        return attempt;
    }

    /** How the attempt ends. If it is won, whoever takes the outcome owns the lock. */
    CompletionStage<Outcome> outcome() {
        return outcome;
    }

    /** Completes when the attempt is decided or abandoned, whoever waits for its outcome has been told, and nothing more is sent but releases that are on their way. */
    CompletionStage<Void> settled() {
        return settled;
    }

    /** Completes if a node grants when the attempt has ended without: it stood in the way of others as well, and perhaps none of them has won. */
    CompletionStage<Void> lateGrant() {
        return lateGrant;
    }

    /** Ends the attempt, releases what it has locked, and leaves the outcome open, unless it is decided already. */
    void abandon() {
        synchronized (this) {
            abandoned = true;
        }
        settle();
    }

    /** To be counted as {@code sending} before, unless it is nobody. */
    private void sendGrants(boolean[] to) {
        if (to.length == 0) {
            return;
        }
        long nanos = quorum.nanoTime();
        for (int i = 0; i < to.length; i++) {
            if (to[i]) {
                int node = i;
                quorum.grant(node, request, ttlMillis, wanted.floor())
                        .thenAccept(reply -> onGrantReply(node, nanos, reply));
            }
        }
        synchronized (this) {
            sending--;
        }
        settle();
    }

    private synchronized void bePatient() {
        if (!decided && !asking.isAll() && !asking.isShut()) {
            patience.begin(quorum.settings().nodeTimeout().dividedBy(PATIENCE));
        }
    }

    private void onImpatience() {
        boolean[] rest;
        synchronized (this) {
            for (int i = 0; !decided && i < quorum.size(); i++) {
                noteSlowness(i, quorum.settings().nodeTimeout().dividedBy(PATIENCE));
            }
            rest = takeRest(true);
        }
        sendGrants(rest);
        settle();
    }

    private void noteSlowness(int node, Duration least) {
        if (asking.isAsked(node) && ballot.awaits(node) && !ballot.hasGranted(node)) {
            quorum.laggards().noteSilence(node, least.toNanos());
        }
    }

    /** Takes the nodes that are to be asked besides, if any; whoever does has to send them their grants. */
    private boolean[] takeRest(boolean wanted) {
        boolean allowed = wanted && !decided && !abandoned && !timedOut && replies.newerView() == 0 && !asking.isAll();
        sending += allowed ? 1 : 0;
        return allowed ? asking.rest() : NOBODY;
    }

    private void onGrantReply(int node, long askedNanos, NodeReply reply) {
        quorum.laggards().note(node, quorum.nanoTime() - askedNanos, reply);
        if (!count(node, reply) && reply instanceof NodeReply.Granted) {
            lateGrant.complete(null);
        }
    }

    /** Takes note of a reply to a grant, unless all is decided. */
    private boolean count(int node, NodeReply reply) {
        boolean[] rest;
        synchronized (this) {
            if (decided) {
                return false;
            }
            replies.note(node, reply);
            if (reply instanceof NodeReply.Granted granted) {
                ballot = ballot.granted(node, granted.token());
            } else if (reply instanceof NodeReply.Held) {
                ballot = ballot.refused(node);
            } else if (reply instanceof NodeReply.Exhausted) {
                ballot = ballot.exhausted(node);
            } else {
                ballot = ballot.silent(node);
            }
            rest = takeRest(asking.goesOn(ballot, reply));
        }
        sendGrants(rest);
        settle();
        return true;
    }

    private void onRaiseReply(int node, NodeReply reply) {
        boolean[] rest;
        synchronized (this) {
            if (decided) {
                return;
            }
            replies.note(node, reply);
            if (reply instanceof NodeReply.Done) {
                ballot = ballot.raised(node);
            } else if (reply instanceof NodeReply.NotHeld) {
                ballot = ballot.lapsed(node);
            } else {
                ballot = ballot.silent(node);
            }
            rest = takeRest(asking.goesOn(ballot, reply));
        }
        sendGrants(rest);
        settle();
    }

    private void giveUpOnSilent() {
        synchronized (this) {
            timedOut = true;
            for (int i = 0; !decided && i < quorum.size(); i++) {
                noteSlowness(i, quorum.settings().nodeTimeout());
                if (asking.isAsked(i) && ballot.awaits(i)) {
                    replies.noteSilence(i);
                }
                // Also those that were not asked in time, unless it was one alone that kept them from it.
                if (!asking.isShut() || asking.isAsked(i)) {
                    ballot = ballot.silent(i);
                }
            }
        }
        settle();
    }

    /** Sends the raises that the ballot asks for, and ends the attempt when there is something to decide. */
    private void settle() {
        Ballot now;
        boolean undecided;
        boolean unwanted;
        boolean[] raise = new boolean[quorum.size()];
        synchronized (this) {
            if (sending > 0 || decided) {
                return;
            }
            now = ballot;
            unwanted = abandoned;
            undecided = !unwanted && isUndecided();
            decided = !undecided;
            for (int i = 0; undecided && i < raise.length; i++) {
                raise[i] = now.raises(i) && !raised[i];
                raised[i] |= raise[i];
            }
        }
        if (undecided) {
            sendRaises(raise, now.token());
            return;
        }
        timeout.cancel();
        patience.cancel();
        Outcome end = replies.newerView() > 0 ? new Outcome.Superseded(replies.newerView()) : outcomeOf(now);
        if (unwanted || !(end instanceof Outcome.Won)) {
            quorum.discard(lock(0), node -> asking.isAsked(node) && !now.leftNothing(node));
        }
        replies.report(unwanted ? LockEvent.Result.ABANDONED : end.result(), now);
        if (!unwanted) {
            outcome.complete(end);
        }
        settled.complete(null);
    }

    /** Whether more replies can change anything: not if the node that goes first refused, since the others have not even been asked. */
    private boolean isUndecided() {
        return asking.isOpen(ballot) && replies.newerView() == 0 && ballot.verdict() == Ballot.Verdict.OPEN;
    }

    private void sendRaises(boolean[] raise, long token) {
        for (int i = 0; i < raise.length; i++) {
            if (raise[i]) {
                int node = i;
                quorum.raise(node, request, token).thenAccept(reply -> onRaiseReply(node, reply));
            }
        }
    }

    private HeldLock lock(long token) {
        return new HeldLock(request.resource(), request.owner(), token);
    }

    private Outcome outcomeOf(Ballot last) {
        return switch (last.verdict()) {
            case COMPLETE ->
                LeaseTime.remainingNanos(quorum.nanoTime(), deadlineNanos) > 0
                        ? new Outcome.Won(Holding.won(lock(last.token()), wanted, term()), sentNanos, roundTrips())
                        : replies.tooLate(ttlMillis);
            case CONTENDED, OPEN ->
                asking.isShut()
                        ? new Outcome.Contended(replies.heldMillis(), true, ALL_AT_ONCE)
                        : new Outcome.Contended(replies.heldMillis(), last.anyGranted(), last.firstAnswered());
            case EXHAUSTED -> new Outcome.Exhausted(replies.reasons());
            case UNAVAILABLE -> replies.tooFew();
        };
    }

    private Holding.Term term() {
        return new Holding.Term(deadlineNanos, request.view().epoch(), asking.unasked());
    }

    private int roundTrips() {
        boolean anyRaised = IntStream.range(0, raised.length).anyMatch(node -> raised[node]);
        return asking.roundTrips() + (anyRaised ? 1 : 0);
    }
}
