package dev.fencepost.sim;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import java.time.Duration;

/** A lease that counts its time from when it was there, and not from before it was asked for. */
final class LateLease implements Lease {
    private final Lease lease;
    private final ClientProcess process;
    private final long deadline;
    private boolean closed;

    LateLease(Lease lease, ClientProcess process) {
        this.lease = lease;
        this.process = process;
        this.deadline = process.shown() + Timing.usable(Timing.LEASE / Timing.MILLI);
    }

    @Override
    public String resource() {
        return lease.resource();
    }

    @Override
    public FencingToken token() {
        return lease.token();
    }

    @Override
    public Duration remaining() {
        return closed ? Duration.ZERO : Duration.ofNanos(Math.max(0, deadline - process.shown()));
    }

    @Override
    public boolean isHeld() {
        return !remaining().isZero();
    }

    @Override
    public void extend(Duration duration) {
        lease.extend(duration);
    }

    @Override
    public void onLost(Runnable action) {
        lease.onLost(action);
    }

    @Override
    public void close() {
        closed = true;
        lease.close();
    }
}
