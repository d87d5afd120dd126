package dev.fencepost.chaos.nemesis;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Lets faults happen, one or two at a time, for as long as it is told to. Everything is decided by one seed, but for how long things take. */
public final class Nemesis {
    private static final long SHORTEST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 2_000;
    private static final int CALM_MILLIS = 400;

    private final Random random;
    private final List<Function<Random, Fault>> menu;
    private final List<FaultFact> facts = new ArrayList<>();

    /** Takes faults from a menu; each entry makes one, on whatever it chooses. */
    public Nemesis(Random random, List<Function<Random, Fault>> menu) {
        this.random = random;
        this.menu = List.copyOf(menu);
    }

    /** Lets faults begin until then, and returns when the last one has been taken back. */
    public void rageUntil(long nanoTime) {
        if (menu.isEmpty()) {
            rest(1 + TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime()));
        }
        while (!menu.isEmpty() && System.nanoTime() - nanoTime < 0) {
            List<Fault> faults = new ArrayList<>();
            int together = random.nextInt(3) == 0 ? 2 : 1;
            for (int i = 0; i < together; i++) {
                faults.add(menu.get(random.nextInt(menu.size())).apply(random));
            }
            long length = random.nextLong(SHORTEST_MILLIS, LONGEST_MILLIS);
            long least = faults.stream()
                    .mapToLong(fault -> fault.least().toMillis())
                    .max()
                    .orElse(0);
            happen(faults, Math.max(length, least));
            rest(random.nextInt(CALM_MILLIS));
        }
    }

    /** What has happened so far; faults that hit nothing are none. */
    public List<FaultFact> facts() {
        return List.copyOf(facts);
    }

    private void happen(List<Fault> faults, long millis) {
        List<Long> begun = new ArrayList<>();
        for (Fault fault : faults) {
            begun.add(System.nanoTime());
            fault.begin().run();
        }
        rest(millis);
        for (int i = faults.size() - 1; i >= 0; i--) {
            Fault fault = faults.get(i);
            if (fault.end().getAsBoolean()) {
                facts.add(new FaultFact(fault.kind(), fault.target(), new Span(begun.get(i), System.nanoTime())));
            }
        }
    }

    private static void rest(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
