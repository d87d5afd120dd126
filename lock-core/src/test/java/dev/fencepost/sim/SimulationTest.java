package dev.fencepost.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The production client keeps its promises in every world that the seeds make. A seed that fails is printed with the command that runs it alone and shows what
 * happens.
 */
class SimulationTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");
    private static final int ONLY = Integer.getInteger("fencepost.sim.seed", 0);

    @Test
    void everyInvariantHoldsAfterEveryEvent() {
        runAll("everyInvariantHoldsAfterEveryEvent", SOAK ? 100_000 : 2_500, Scenario::of);
    }

    @Test
    void everyInvariantHoldsWhereManyWantOneResourceAndLocksEndEarly() {
        runAll("everyInvariantHoldsWhereManyWantOneResourceAndLocksEndEarly", SOAK ? 20_000 : 300, Scenario::crowded);
    }

    @Test
    void everyInvariantHoldsWhereNodesForget() {
        runAll("everyInvariantHoldsWhereNodesForget", SOAK ? 20_000 : 400, Scenario::forgetful);
    }

    @Test
    void everyInvariantHoldsWhereNodesForgetAllTheTimeAndAreBackAtOnce() {
        runAll("everyInvariantHoldsWhereNodesForgetAllTheTimeAndAreBackAtOnce", SOAK ? 20_000 : 400, Scenario::absent);
    }

    @Test
    void everyInvariantHoldsWhereTheSetOfNodesIsChanged() {
        runAll("everyInvariantHoldsWhereTheSetOfNodesIsChanged", SOAK ? 20_000 : 600, Scenario::changing);
    }

    @Test
    void whoeverWaitsIsWokenWithoutAskingAgain() {
        runAll("whoeverWaitsIsWokenWithoutAskingAgain", SOAK ? 20_000 : 1_000, Scenario::patient);
    }

    @Test
    void everyInvariantHoldsWhereSomeAskAQuorumFirst() {
        runAll("everyInvariantHoldsWhereSomeAskAQuorumFirst", SOAK ? 50_000 : 1_000, Scenario::thrifty);
    }

    @Test
    void everyInvariantHoldsWhereManyWaitInLineForWhatOneAttemptTakes() {
        runAll("everyInvariantHoldsWhereManyWaitInLineForWhatOneAttemptTakes", SOAK ? 20_000 : 300, Scenario::lined);
    }

    @Test
    void theSameSeedMakesTheSameHappen() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Simulation.run(Scenario.of(seed))).isEqualTo(Simulation.run(Scenario.of(seed)));
        }
    }

    private static void runAll(String test, long seeds, LongFunction<Scenario> world) {
        if (ONLY != 0) {
            System.out.println(world.apply(ONLY));
            Simulation.run(world.apply(ONLY), System.out::println);
            return;
        }
        long[] totals = new long[3];
        long began = System.nanoTime();
        LongStream.rangeClosed(1, seeds).forEach(seed -> {
            Simulation.Summary summary = run(test, world.apply(seed));
            totals[0] += summary.events();
            totals[1] += summary.acquisitions();
            totals[2] += summary.inherited();
        });
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf(
                "Simulation, %s: %,d seeds, %,d events, %,d acquisitions, %,d of them inherited, %,d s%n",
                test, seeds, totals[0], totals[1], totals[2], took.toSeconds());
        assertThat(totals[1]).as("acquisitions").isGreaterThan((world.apply(1).isHard() ? 3 : 10) * seeds);
        assertThat(totals[2]).as("of them inherited").isGreaterThan(totals[1] / 100);
    }

    private static Simulation.Summary run(String test, Scenario scenario) {
        try {
            return Simulation.run(scenario);
        } catch (Violation violation) {
            String replay = "mvn -q test -pl lock-core -Dtest='SimulationTest#" + test + "' -Dfencepost.sim.seed="
                    + scenario.seed();
            throw new AssertionError(violation.getMessage() + "\n" + scenario + "\n" + replay, violation);
        }
    }
}
