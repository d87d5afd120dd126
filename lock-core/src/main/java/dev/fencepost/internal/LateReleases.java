package dev.fencepost.internal;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Releases that a node could not be given, to be given again when it answers: until then its lock would stand in everybody's way for the rest of its time to live. A lock may be
 * released twice or late, since its owner is never used again.
 *
 * <p>While any are left, one of them is tried at each tick, and the others one after the other as soon as that is answered: a node that is out costs next to nothing, and one that
 * comes back is not flooded. They are kept for no longer than the longest lease, and no more than {@value #MOST} a node, of which the oldest give way.
 *
 * <p>The monitor guards the fields below it, and is never held while anything is sent. Safe for use by many threads.
 */
final class LateReleases {
    /** How many are kept for a node. */
    static final int MOST = 10_000;

    /** About as long as a node that is back takes to be in use. */
    static final Duration TICK = Duration.ofMillis(500);

    private final Quorum quorum;
    private final int node;

    private final Deque<Late> waiting = new ArrayDeque<>();
    private @Nullable Sent underWay;
    private boolean ticking;
    private boolean closed;

    private record Late(HeldLock lock, boolean announce, long untilNanos) {}

    /** One of them on its way, told apart by identity. */
    private static final class Sent {
        private final Late what;
        private final long sinceNanos;

        private Sent(Late what, long sinceNanos) {
            this.what = what;
            this.sinceNanos = sinceNanos;
        }
    }

    /** Keeps what one node is to be given. */
    LateReleases(Quorum quorum, int node) {
        this.quorum = quorum;
        this.node = node;
    }

    /** Whether the lock may still be there: also on a node that is not what it was taken for, since one that has become a node of another set has forgotten nothing. */
    static boolean isOpen(NodeReply answer) {
        return answer instanceof NodeReply.Unavailable || answer instanceof NodeReply.Forgotten;
    }

    /** Gives the node a release again, until it takes it or the lock cannot live any more. */
    void add(HeldLock lock, boolean announce) {
        long until = quorum.nanoTime() + quorum.settings().leases().longest().toNanos();
        boolean start;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (waiting.size() == MOST) {
                waiting.removeFirst();
            }
            waiting.addLast(new Late(lock, announce, until));
            start = !ticking;
            ticking = true;
        }
        if (start) {
            tickLater();
        }
    }

    /** Forgets them all; nothing more is sent. */
    synchronized void close() {
        closed = true;
        underWay = null;
        waiting.clear();
    }

    private void tickLater() {
        quorum.schedule(TICK, this::onTick);
    }

    private void onTick() {
        giveUpOnSilent();
        sendNext();
        boolean more;
        synchronized (this) {
            more = underWay != null || !waiting.isEmpty();
            ticking = more;
        }
        if (more) {
            tickLater();
        }
    }

    private void giveUpOnSilent() {
        Sent silent;
        long now = quorum.nanoTime();
        synchronized (this) {
            silent = underWay;
        }
        if (silent != null
                && now - silent.sinceNanos >= quorum.settings().nodeTimeout().toNanos()) {
            onAnswer(silent, new NodeReply.Unavailable(quorum.noAnswer()));
        }
    }

    /** Sends the oldest that matters still, unless one is under way already that the others wait for. */
    private void sendNext() {
        Sent next;
        synchronized (this) {
            if (underWay != null) {
                return;
            }
            next = takeAlive();
            underWay = next;
        }
        if (next != null) {
            Sent sent = next;
            CompletionStage<NodeReply> reply = quorum.releaseAgain(node, sent.what.lock, sent.what.announce);
            reply.thenAccept(answer -> onAnswer(sent, answer));
        }
    }

    private void onAnswer(Sent sent, NodeReply answer) {
        boolean gone = isOpen(answer);
        synchronized (this) {
            if (underWay != sent) {
                return;
            }
            underWay = null;
            if (gone) {
                // At the end, so that one that the node refuses for itself does not keep the others from their turn.
                waiting.addLast(sent.what);
            }
        }
        if (!gone) {
            sendNext();
        }
    }

    private @Nullable Sent takeAlive() {
        long now = quorum.nanoTime();
        Late next = waiting.pollFirst();
        while (next != null && next.untilNanos - now <= 0) {
            next = waiting.pollFirst();
        }
        return next == null ? null : new Sent(next, now);
    }
}
