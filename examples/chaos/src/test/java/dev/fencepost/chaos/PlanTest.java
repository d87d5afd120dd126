package dev.fencepost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.servers.Persistence;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 150, 3_600, 86_400})
    void everyPersistenceAndOneBadNodeAndEveryControlAreInARunOfAnyLength(int seconds) {
        List<TrialSpec> trials = Plan.of(Duration.ofSeconds(seconds));

        assertThat(trials.stream()
                        .filter(trial -> !trial.isControl() && !trial.isInTurns())
                        .map(TrialSpec::persistence)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Persistence.values());
        assertThat(trials).filteredOn(TrialSpec::isInTurns).hasSize(1);
        assertThat(trials).filteredOn(TrialSpec::isControl).hasSize(9);
        assertThat(trials).extracting(TrialSpec::name).doesNotHaveDuplicates();
    }

    /** What a trial leaves behind has to fit into the memory that checks it, however long a run is. */
    @Test
    void longerRunHasMoreTrialsAndNoLongerOnes() {
        List<TrialSpec> trials = Plan.of(Duration.ofHours(24));

        assertThat(trials)
                .extracting(TrialSpec::length)
                .allSatisfy(length -> assertThat(length).isLessThanOrEqualTo(Duration.ofMinutes(10)));
        assertThat(faulty(trials)).isGreaterThan(Duration.ofHours(23));
    }

    @Test
    void hourIsNearlyAllFaults() {
        assertThat(faulty(Plan.of(Duration.ofHours(1)))).isGreaterThan(Duration.ofMinutes(50));
    }

    private static Duration faulty(List<TrialSpec> trials) {
        return trials.stream()
                .filter(trial -> !trial.isControl() && !trial.isInTurns())
                .map(TrialSpec::length)
                .reduce(Duration.ZERO, Duration::plus);
    }
}
