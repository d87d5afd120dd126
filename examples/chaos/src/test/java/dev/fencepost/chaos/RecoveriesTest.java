package dev.fencepost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.chaos.Recoveries.Healed;
import dev.fencepost.chaos.check.Invariant;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Store;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecoveriesTest {
    private static final long BOUND = Recoveries.FIRST.toNanos();
    private static final long CALM = Recoveries.CALM.toNanos();

    @Test
    void somebodyHasToHaveALockWithinTheLeaseTimeAndASecond() {
        assertThat(Recoveries.FIRST).isEqualTo(TrialSpec.LEASE.plusSeconds(1));
        assertThat(violations(new Healed(0, 0), lease("a", 1, BOUND), lease("b", 1, CALM)))
                .isZero();
        assertThat(violations(new Healed(0, 0), lease("a", 1, BOUND + 1), lease("b", 1, BOUND + 1)))
                .isEqualTo(1);
    }

    @Test
    void everybodyHasToHaveOneWithinTheTimeOfCalmFromWhenTheyAreAtWork() {
        assertThat(violations(new Healed(0, 10), lease("a", 1, 2), lease("a", 11, 12), lease("b", 11, 10 + CALM)))
                .isZero();
        assertThat(violations(new Healed(0, 10), lease("a", 1, 2), lease("a", 11, 12), lease("b", 11, 11 + CALM)))
                .isEqualTo(1);
    }

    /** It may have been granted by nodes that were well before. */
    @Test
    void lockThatWasAskedForBeforeTheHealingSaysNothing() {
        assertThat(violations(new Healed(5, 5), lease("a", 4, 6), lease("a", 7, 5 + BOUND + 1), lease("b", 4, 6)))
                .isEqualTo(2);
    }

    @Test
    void eachHealingCounts() {
        List<Observation> observations = Recoveries.of(
                List.of(new Healed(0, 0), new Healed(2_000_000, 2_000_000)),
                List.of(lease("a", 1, 1_000_000), lease("a", 2_000_001, 5_000_000)),
                List.of("a"));

        assertThat(observations).hasSize(4);
        assertThat(Recoveries.told(observations))
                .containsExactly("somebody after 3 ms, 3 ms at most (2 times)", "a after 3 ms, 3 ms at most (2 times)");
    }

    private static long violations(Healed healed, LeaseFact... leases) {
        List<Observation> observations = Recoveries.of(List.of(healed), List.of(leases), List.of("a", "b"));
        History history = new History(
                List.of(leases), List.of(), List.of(), observations, new History.World(5, List.of()), Store.empty());
        return Invariant.RECOVERY.check(history).violations();
    }

    private static LeaseFact lease(String worker, long from, long to) {
        return new LeaseFact(
                worker,
                new Holder("r", from, worker),
                new Span(from, to),
                LeaseFact.UNUSED,
                new LeaseFact.Terms(LeaseFact.UNSEEN, 1, 1, LeaseFact.NEVER),
                List.of());
    }
}
