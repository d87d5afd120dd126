package dev.fencepost.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.chaos.history.FaultFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class NemesisTest {
    private final List<String> deeds = new ArrayList<>();

    @Test
    void seedDecidesWhichFaultsThereAre() {
        Nemesis first = new Nemesis(new Random(5), menu());
        Nemesis second = new Nemesis(new Random(5), menu());
        rage(first, 300);
        rage(second, 300);

        int common = Math.min(first.facts().size(), second.facts().size());
        assertThat(common).isPositive();
        assertThat(names(first).subList(0, common)).isEqualTo(names(second).subList(0, common));
    }

    @Test
    void everyFaultThatBeginsIsTakenBack() {
        rage(new Nemesis(new Random(6), menu()), 300);

        assertThat(deeds).isNotEmpty();
        assertThat(deeds.stream().filter(deed -> deed.startsWith("begin")).count())
                .isEqualTo(deeds.stream().filter(deed -> deed.startsWith("end")).count());
    }

    @Test
    void faultLastsAsLongAsItHasTo() {
        Duration least = Duration.ofMillis(2_100);
        Nemesis nemesis =
                new Nemesis(new Random(7), List.of(random -> new Fault("slow", "a", least, () -> {}, () -> true)));
        rage(nemesis, 1);

        FaultFact fact = nemesis.facts().get(0);
        assertThat(fact.span().to() - fact.span().from()).isGreaterThanOrEqualTo(least.toNanos());
    }

    @Test
    void faultThatFoundNothingToHitIsNotCounted() {
        Nemesis nemesis = new Nemesis(
                new Random(8), List.of(random -> new Fault("none", "a", Duration.ZERO, () -> {}, () -> false)));
        rage(nemesis, 1);

        assertThat(nemesis.facts()).isEmpty();
    }

    private static void rage(Nemesis nemesis, long millis) {
        nemesis.rageUntil(System.nanoTime() + Duration.ofMillis(millis).toNanos());
    }

    private static List<String> names(Nemesis nemesis) {
        return nemesis.facts().stream()
                .map(fact -> fact.kind() + " of " + fact.target())
                .toList();
    }

    private List<Function<Random, Fault>> menu() {
        return List.of(random -> fault("a", random.nextInt(100)), random -> fault("b", random.nextInt(100)));
    }

    private Fault fault(String kind, int target) {
        return new Fault(
                kind,
                String.valueOf(target),
                Duration.ZERO,
                () -> deeds.add("begin " + kind + target),
                () -> deeds.add("end " + kind + target));
    }
}
