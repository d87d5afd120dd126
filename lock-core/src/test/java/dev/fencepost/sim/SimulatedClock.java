package dev.fencepost.sim;

/** A clock that runs at its own rate, and may jump. It knows true time only as an argument. */
final class SimulatedClock {
    private double rate = 1;
    private long sinceTrue;
    private long sinceShown;

    /** What it shows at a true time. */
    long read(long trueNanos) {
        return sinceShown + (long) ((trueNanos - sinceTrue) * rate);
    }

    /** From now on it runs at so many seconds a second. */
    void runAt(double newRate, long trueNow) {
        sinceShown = read(trueNow);
        sinceTrue = trueNow;
        rate = newRate;
    }

    /** It is set forward or back. */
    void jump(long nanos) {
        sinceShown += nanos;
    }

    /** How much true time passes while it shows so much. */
    long trueNanos(long shownNanos) {
        return (long) Math.ceil(shownNanos / rate);
    }
}
