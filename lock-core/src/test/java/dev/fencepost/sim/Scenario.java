package dev.fencepost.sim;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What one run is made of. All of it follows from the seed, unless a test says otherwise.
 *
 * @param faults what goes wrong
 * @param mutant what is wrong with the protocol
 * @param checked what has to hold
 */
record Scenario(long seed, Shape shape, Set<Fault> faults, Mutant mutant, Set<Invariant> checked) {
    /**
     * How many take part.
     *
     * @param renewing whether leases are extended automatically
     * @param thrifty whether the first of the processes, and every second one, ask a quorum first
     */
    record Shape(int nodes, int processes, int usersEach, int resources, boolean renewing, Pace pace, boolean thrifty) {
        Shape(int nodes, int processes, int usersEach, int resources, boolean renewing) {
            this(nodes, processes, usersEach, resources, renewing, Pace.USUAL, false);
        }

        Shape thriftily() {
            return new Shape(nodes, processes, usersEach, resources, renewing, pace, true);
        }
    }

    /** How many of the nodes make the cluster at first. */
    int members() {
        return faults.contains(Fault.CHANGES) ? Math.min(shape.nodes, FIRST_MEMBERS) : shape.nodes;
    }

    /** How long leases are held, and how often something goes wrong by itself. */
    enum Pace {
        /** Mostly for a moment. */
        USUAL,
        /** Mostly for longer than a lease, which is then extended, and something goes wrong many times in one. */
        HARD,
        /** For a moment, with leases and pauses between attempts that outlast the run. */
        PATIENT,
        /** Mostly for so short a moment that what one has held may go through many hands. */
        BRISK
    }

    private static final int FIRST_MEMBERS = 3;
    private static final int[] NODES = {1, 2, 3, 3, 3, 4, 5, 5};
    private static final int[] NODES_OF_THE_PATIENT = {1, 3, 3, 5};

    /** Any faults that the protocol has to stand. With insane clocks everything but exclusion in time has to hold. */
    static Scenario of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(
                NODES[random.nextInt(NODES.length)],
                random.nextInt(1, 5),
                random.nextInt(1, 4),
                random.nextInt(1, 3),
                random.nextBoolean());
        Set<Fault> drawn = EnumSet.noneOf(Fault.class);
        for (Fault fault : random.nextBoolean() ? Fault.sane() : Fault.all()) {
            if (random.nextInt(5) < 2) {
                drawn.add(fault);
            }
        }
        return new Scenario(seed, shape, drawn, Mutant.NONE, Invariant.all()).withoutWhatClocksBreak();
    }

    /** Many on one resource, whose locks end early and whose messages come twice and late: what is hardest for tokens. */
    static Scenario crowded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(3, 4, 2, 1, random.nextBoolean());
        Set<Fault> faults = EnumSet.of(Fault.EARLY_EXPIRY, Fault.REORDERING, Fault.DUPLICATES);
        if (random.nextBoolean()) {
            faults.add(Fault.STALLS);
        }
        return new Scenario(seed, shape, faults, Mutant.NONE, Invariant.all()).withoutWhatClocksBreak();
    }

    /** Lines of many in few processes, so that attempts take many tokens, on one resource whose locks mostly end early: what is hardest for tokens that are handed on. */
    static Scenario lined(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(
                NODES_OF_THE_PATIENT[random.nextInt(NODES_OF_THE_PATIENT.length)],
                random.nextInt(2, 4),
                random.nextInt(3, 11),
                1,
                random.nextBoolean(),
                Pace.BRISK,
                random.nextInt(3) == 0);
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        if (random.nextInt(4) > 0) {
            faults.add(Fault.EARLY_EXPIRY);
        }
        for (Fault fault : EnumSet.of(
                Fault.REORDERING,
                Fault.DUPLICATES,
                Fault.REPLIES_LOST,
                Fault.CUTS,
                Fault.STALLS,
                Fault.SLOW_EXECUTOR,
                Fault.PROCESS_CRASHES,
                Fault.AMNESIA)) {
            if (random.nextInt(5) == 0) {
                faults.add(fault);
            }
        }
        return new Scenario(seed, shape, faults, Mutant.NONE, Invariant.all()).withoutWhatClocksBreak();
    }

    /** Nodes that forget again and again, and messages that are late. */
    static Scenario forgetful(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(random.nextInt(4) == 0 ? 5 : 3, 3, 2, 2, random.nextBoolean());
        Set<Fault> faults = EnumSet.of(Fault.AMNESIA, Fault.REORDERING);
        for (Fault fault : EnumSet.of(Fault.DELAYS, Fault.CUTS, Fault.LOSS, Fault.DUPLICATES, Fault.STALLS)) {
            if (random.nextInt(3) == 0) {
                faults.add(fault);
            }
        }
        return new Scenario(seed, shape, faults, Mutant.NONE, Invariant.all());
    }

    /**
     * Few nodes and clients, leases that are held for long, and nodes that forget all the time and are back at once, since their clocks leap while they wait: what is hardest for tokens
     * where nodes forget. Leases overlap here.
     */
    static Scenario absent(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(3, 3, 1, 1, random.nextBoolean(), Pace.HARD, false);
        Set<Fault> faults = EnumSet.of(Fault.AMNESIA, Fault.LEAPS, Fault.DELAYS, Fault.EARLY_EXPIRY, Fault.STALLS);
        return new Scenario(seed, shape, faults, Mutant.NONE, Invariant.all()).withoutWhatClocksBreak();
    }

    /** The set of nodes is changed again and again, by several who know nothing of each other and may die half-way, while nodes forget and messages are late. */
    static Scenario changing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(random.nextInt(4, 7), 3, 2, 2, random.nextBoolean());
        Set<Fault> faults = EnumSet.of(Fault.CHANGES, Fault.REORDERING);
        for (Fault fault : EnumSet.of(
                Fault.AMNESIA,
                Fault.DELAYS,
                Fault.CUTS,
                Fault.LOSS,
                Fault.DUPLICATES,
                Fault.STALLS,
                Fault.PROCESS_CRASHES,
                Fault.UNUSED_GO)) {
            if (random.nextInt(3) == 0) {
                faults.add(fault);
            }
        }
        return new Scenario(seed, shape, faults, Mutant.NONE, Invariant.all());
    }

    /** Waiters that ask again of themselves only when everything is long over: whoever is not woken in time does not get the lock. */
    static Scenario patient(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Shape shape = new Shape(
                NODES_OF_THE_PATIENT[random.nextInt(NODES_OF_THE_PATIENT.length)],
                random.nextInt(2, 5),
                random.nextInt(1, 3),
                1,
                false,
                Pace.PATIENT,
                false);
        Set<Fault> faults = random.nextBoolean() ? EnumSet.of(Fault.REORDERING) : EnumSet.noneOf(Fault.class);
        return new Scenario(seed, shape, faults, Mutant.NONE, Invariant.all());
    }

    /** All of these in turns, with clients that ask a quorum first beside others that ask all nodes. */
    static Scenario thrifty(long seed) {
        Scenario scenario = switch ((int) (seed % 5)) {
            case 0 -> of(seed);
            case 1 -> crowded(seed);
            case 2 -> forgetful(seed);
            case 3 -> absent(seed);
            default -> patient(seed);
        };
        return scenario.with(scenario.shape.thriftily());
    }

    /** The same with these faults. */
    Scenario with(Set<Fault> others) {
        return new Scenario(seed, shape, others, mutant, Invariant.all()).withoutWhatClocksBreak();
    }

    /** The same with this wrong with the protocol. */
    Scenario with(Mutant other) {
        return new Scenario(seed, shape, faults, other, checked);
    }

    /** The same with so many taking part. */
    Scenario with(Shape other) {
        return new Scenario(seed, other, faults, mutant, checked);
    }

    /** The same with only these checked. */
    Scenario checking(Set<Invariant> only) {
        return new Scenario(seed, shape, faults, mutant, only);
    }

    /** Whether leases are held for long, and something goes wrong many times in one. */
    boolean isHard() {
        return shape.pace == Pace.HARD;
    }

    /** Whether the lock is held for moments, by many. */
    boolean isBrisk() {
        return shape.pace == Pace.BRISK;
    }

    /** Whether messages may be lost or come twice, or connections may break. */
    boolean losesNothing() {
        return faults.stream()
                .noneMatch(
                        EnumSet.of(Fault.LOSS, Fault.DUPLICATES, Fault.CUTS, Fault.ONE_WAY, Fault.CRASHES)::contains);
    }

    private Scenario withoutWhatClocksBreak() {
        if (faults.stream().allMatch(Fault::isSane)) {
            return this;
        }
        Set<Invariant> fewer = EnumSet.copyOf(checked);
        fewer.remove(Invariant.EXCLUSION);
        return checking(fewer);
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + shape + ", faults " + faults + ", mutant " + mutant;
    }
}
