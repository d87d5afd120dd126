package dev.fencepost.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LeaseLostException;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.spi.NodeRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A lease on a quorum. The deadline and the state are guarded by the monitor, which is never held while anything is sent.
 */
final class HeldLease implements Lease {
    private enum State {
        HELD,
        LOST,
        RELEASED
    }

    private final Quorum quorum;
    private final NodeRequest request;
    private final FencingToken token;
    private final Consumer<HeldLease> onReleased;
    private State state = State.HELD;
    private long deadlineNanos;

    /**
     * Makes a lease of what an attempt has won.
     *
     * @param onReleased told once, when the lease is closed
     */
    HeldLease(Quorum quorum, Outcome.Won won, Consumer<HeldLease> onReleased) {
        this.quorum = quorum;
        this.request = won.request();
        this.token = new FencingToken(request.resource(), won.token(), request.owner());
        this.deadlineNanos = won.deadlineNanos();
        this.onReleased = onReleased;
    }

    @Override
    public String resource() {
        return request.resource();
    }

    @Override
    public FencingToken token() {
        return token;
    }

    @Override
    public synchronized Duration remaining() {
        return state == State.HELD
                ? Duration.ofNanos(LeaseTime.remainingNanos(quorum.nanoTime(), deadlineNanos))
                : Duration.ZERO;
    }

    @Override
    public boolean isHeld() {
        return !remaining().isZero();
    }

    @Override
    public void extend(Duration duration) {
        long ttlMillis = quorum.settings().requireLease("duration", duration).toMillis();
        requireHeld();
        Extension extension = Extension.start(quorum, request, token.value(), ttlMillis);
        Extension.Result result = Waiting.await(extension.result(), "extend the lease " + token);
        switch (result.verdict()) {
            case HELD -> prolong(result.deadlineNanos());
            case LOST -> throw lost("too few nodes still hold it");
            case UNAVAILABLE, OPEN ->
                throw new QuorumUnavailableException("the lease " + token + " could not be extended", result.reasons());
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (state == State.RELEASED) {
                return;
            }
            state = State.RELEASED;
        }
        quorum.release(request, token.value(), node -> true);
        onReleased.accept(this);
    }

    private synchronized void requireHeld() {
        if (state == State.RELEASED) {
            throw new LeaseLostException(token, "it was closed");
        }
        if (!isHeld()) {
            throw lost("its time was up");
        }
    }

    /** What was reported lost stays lost, even if the nodes did prolong it. */
    private synchronized void prolong(long newDeadlineNanos) {
        requireHeld();
        deadlineNanos = LeaseTime.later(deadlineNanos, newDeadlineNanos);
    }

    private synchronized LeaseLostException lost(String why) {
        if (state == State.HELD) {
            state = State.LOST;
        }
        return new LeaseLostException(token, why);
    }

    @Override
    public String toString() {
        return token + " (" + remaining().toMillis() + " ms left)";
    }
}
