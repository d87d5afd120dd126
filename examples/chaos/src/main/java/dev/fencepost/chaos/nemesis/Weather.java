package dev.fencepost.chaos.nemesis;

import java.util.concurrent.ThreadLocalRandom;

/** What becomes of that which goes through a proxy in one direction. The monitor guards everything. */
public final class Weather {
    private long delayMillis;
    private boolean held;
    private int cutOneIn;
    private long struck;

    /** Everything comes later by so much. */
    public synchronized void delay(long millis) {
        delayMillis = millis;
    }

    /** Nothing comes through, until it is cleared: then it does, as what a network has lost is sent again. */
    public synchronized void hold() {
        held = true;
    }

    /** One in so many pieces is lost, and its connection with it. What was a reply has had its effect then. */
    public synchronized void cut(int oneIn) {
        cutOneIn = oneIn;
    }

    /** Lets everything through. */
    public synchronized void clear() {
        delayMillis = 0;
        held = false;
        cutOneIn = 0;
        notifyAll();
    }

    /** How many pieces it has made late or lost so far. */
    synchronized long struck() {
        return struck;
    }

    /** Waits as long as a piece has to; false if it is lost. */
    boolean passes() throws InterruptedException {
        long delay;
        synchronized (this) {
            boolean cut = cutOneIn > 0 && ThreadLocalRandom.current().nextInt(cutOneIn) == 0;
            if (held || cut || delayMillis > 0) {
                struck++;
            }
            while (held) {
                wait();
            }
            if (cut) {
                return false;
            }
            delay = delayMillis;
        }
        if (delay > 0) {
            Thread.sleep(delay);
        }
        return true;
    }
}
