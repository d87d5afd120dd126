package dev.fencepost.sim;

import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * A process of a user's. What happens in it happens on one thread, at its own pace: it may be held up at any time, even in the middle of something, and then the messages that it sends and
 * the times that it reads afterwards are later ones.
 */
final class ClientProcess {
    private static final int STALL_ONE_IN = 150;

    private final Simulation world;
    private final int number;
    private final SimulatedClock clock = new SimulatedClock();
    private final Runnable afterEvent;
    private long awakeAt;
    private long stalled;
    private boolean running;
    private boolean watched;
    private long stoodStill;
    private boolean dead;

    ClientProcess(Simulation world, int number, Runnable afterEvent) {
        this.world = world;
        this.number = number;
        this.afterEvent = afterEvent;
    }

    SimulatedClock clock() {
        return clock;
    }

    /** The true time at which it is. */
    long instant() {
        return world.loop().now() + (running ? stalled : 0);
    }

    /** What its clock shows to the client that runs in it. */
    long nanoTime() {
        mayStall();
        return shown();
    }

    /** What its clock shows to whoever watches it. */
    long shown() {
        return clock.read(instant());
    }

    /** Runs something in it, at a true time or when it is awake again. */
    void at(long time, Runnable work) {
        world.loop().at(time, () -> enter(work));
    }

    /** Runs what somebody handed in. */
    void execute(Runnable work) {
        long most = world.has(Fault.SLOW_EXECUTOR) && random().nextInt(4) == 0 ? Timing.SLOW_TASK : Timing.LATENESS;
        at(instant() + random().nextLong(most), work);
    }

    /** Runs something later by its own clock. */
    Scheduler.Task schedule(Duration delay, Runnable work) {
        boolean[] cancelled = new boolean[1];
        long due = instant() + clock.trueNanos(Math.max(0, delay.toNanos())) + random().nextLong(Timing.LATENESS);
        at(due, () -> {
            if (cancelled[0]) {
                world.loop().discount();
            } else {
                work.run();
            }
        });
        return () -> cancelled[0] = true;
    }

    /** Lets those who watch take note of something, at the time at which it happens here. */
    void observed(Runnable note) {
        if (running && stalled > 0) {
            world.loop().at(instant(), note);
            return;
        }
        undisturbed(() -> {
            note.run();
            return note;
        });
    }

    /** Looks at something without holding it up. */
    <T> T undisturbed(Supplier<T> look) {
        boolean was = watched;
        watched = true;
        try {
            return look.get();
        } finally {
            watched = was;
        }
    }

    /** It may be held up here. */
    void mayStall() {
        if (running && !watched && world.has(Fault.STALLS) && random().nextInt(STALL_ONE_IN) == 0) {
            stalled += random().nextLong(Timing.LONGEST_STANDSTILL);
        }
    }

    void pause(long until) {
        stoodStill += Math.max(0, until - Math.max(awakeAt, world.loop().now()));
        awakeAt = Math.max(awakeAt, until);
    }

    /** For how long it was held up so far, all in all. */
    long stoodStill() {
        return stoodStill;
    }

    /** How long it has been at work so far, which is when it was not held up. */
    long atWork() {
        return Math.max(world.loop().now(), awakeAt) - stoodStill;
    }

    /** Ends it without a word. */
    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    /** Whether it was held up by now. */
    boolean standsStill() {
        return world.loop().now() < awakeAt;
    }

    private void enter(Runnable work) {
        if (dead) {
            return;
        }
        if (standsStill()) {
            world.loop().at(awakeAt, () -> enter(work));
            return;
        }
        running = true;
        stalled = 0;
        try {
            work.run();
        } catch (RuntimeException e) {
            world.monitor().fail(Invariant.NO_SURPRISE, "thrown in " + this + ": " + e);
        }
        pause(instant());
        running = false;
        stalled = 0;
        afterEvent.run();
    }

    private SplittableRandom random() {
        return world.random();
    }

    @Override
    public String toString() {
        return "process " + number;
    }
}
