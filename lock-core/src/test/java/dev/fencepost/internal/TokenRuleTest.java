package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rule by which a quorum of counters makes a token, searched for a counterexample in every state that a few nodes and attempts can reach, with the real
 * {@link Ballot} deciding, and the real {@link Holding} saying which tokens that makes. So that the search is known to find what there is to find, each part of the rule is also taken out, and then it must find something.
 *
 * <p>Every search is exhaustive, and prints how many states that were. {@code -Dfencepost.soak=true} adds five nodes with every freedom but repeated grants (9 million
 * states), and three attempts with repeated grants (65 million, which take 4 GB of memory).
 */
final class TokenRuleTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");

    @Test
    void holdsForTwoAttemptsOnThreeNodesWhereverTheirCountersStand() {
        for (List<Integer> counters : countersUpTo(2)) {
            assertHolds(unrestricted(SearchSetup.of(2, counters.toArray(Integer[]::new))));
        }
    }

    @Test
    void holdsForTwoAttemptsOnThreeNodesThatMayRepeatTheirGrants() {
        assertHolds(unrestricted(SearchSetup.of(2, 0, 0, 0)).with(Freedom.RETRIES));
    }

    @Test
    void holdsForThreeAttemptsOnThreeNodes() {
        assertHolds(unrestricted(SearchSetup.of(3, 0, 0, 0)));
        if (SOAK) {
            assertHolds(SearchSetup.of(3, 0, 0, 0).with(Freedom.RETRIES));
        }
    }

    @Test
    void holdsForTwoAttemptsOnFiveNodes() {
        SearchSetup five = SearchSetup.of(2, 0, 0, 0, 0, 0).with(Freedom.GIVING_UP);
        assertHolds(SOAK ? unrestricted(five) : five);
    }

    @Test
    void holdsForThreeAttemptsOnASingleNodeAndForTwoOnAnEvenNumber() {
        assertHolds(unrestricted(SearchSetup.of(3, 0)).with(Freedom.RETRIES));
        assertHolds(unrestricted(SearchSetup.of(3, 0, 0)).with(Freedom.RETRIES));
        assertHolds(unrestricted(SearchSetup.of(2, 0, 0, 0, 0)));
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "1, 2", "2, 3", "3, 2"})
    void holdsForAttemptsThatWantSeveralTokens(int first, int second) {
        assertHolds(
                unrestricted(SearchSetup.of(2, 0, 0, 0)).wanting(first, second).with(Freedom.RETRIES));
        assertHolds(unrestricted(SearchSetup.of(2, 0, 1, 2)).wanting(first, second));
    }

    @Test
    void holdsForThreeAttemptsThatWantSeveralTokens() {
        assertHolds(SearchSetup.of(3, 0, 0, 0).with(Freedom.GIVING_UP).wanting(2, 1, 3));
    }

    /** What the search leaves out because it makes no difference must make none to what it finds either. */
    @ParameterizedTest
    @EnumSource(
            value = Freedom.class,
            names = {"EARLY_EXPIRY", "NODES_IN_ANY_ORDER"})
    void findsTheSameWithAndWithoutWhatMakesNoDifference(Freedom freedom) {
        for (Lie lie : Lie.values()) {
            for (Invariant invariant : Invariant.values()) {
                SearchSetup one = setupFor(lie).with(Freedom.GIVING_UP).checking(invariant);

                assertThat(TokenSearch.of(one).broken())
                        .as("%s, %s", lie, invariant)
                        .isEqualTo(TokenSearch.of(one.with(freedom)).broken());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO_CONFIRM, UNIQUE",
        "NO_CONFIRM, CALL_ORDER",
        "NO_CONFIRM, HOLD_ORDER",
        "NO_CONFIRM, COVERAGE",
        "BLIND_RAISE, UNIQUE",
        "BLIND_RAISE, HOLD_ORDER",
        "BLIND_RAISE, COVERAGE",
        "LATE_LARGER_GRANT_COUNTS, UNIQUE",
        "LATE_LARGER_GRANT_COUNTS, HOLD_ORDER",
        "LATE_LARGER_GRANT_COUNTS, COVERAGE",
        "ORDER_STATISTIC, UNIQUE",
        "ORDER_STATISTIC, HOLD_ORDER",
        "ORDER_STATISTIC, COVERAGE",
        "TOKENS_UPWARD, UNIQUE",
        "TOKENS_UPWARD, CALL_ORDER",
        "TOKENS_UPWARD, HOLD_ORDER",
        "TOKENS_UPWARD, COVERAGE",
        "NARROW_GRANT, UNIQUE",
        "NARROW_GRANT, CALL_ORDER",
        "NARROW_GRANT, HOLD_ORDER",
        "NARROW_GRANT, COVERAGE"
    })
    void isBrokenByTheLossOfAnyPart(Lie lie, Invariant invariant) {
        SearchSetup setup = setupFor(lie).checking(invariant);

        assertThat(TokenSearch.of(setup))
                .as("two attempts on three nodes with %s, checking %s", lie, invariant)
                .returns(List.of(invariant), result -> List.copyOf(result.broken()))
                .satisfies(result -> assertThat(result.trace()).hasSizeBetween(2, 20));
    }

    /** Two attempts on three nodes. Where it makes a difference how many tokens they want, the first wants two. */
    private static SearchSetup setupFor(Lie lie) {
        SearchSetup setup = SearchSetup.of(2, 0, 1, 0).with(lie);
        return lie == Lie.TOKENS_UPWARD || lie == Lie.NARROW_GRANT ? setup.wanting(2, 1) : setup;
    }

    private static SearchSetup unrestricted(SearchSetup setup) {
        return setup.with(Freedom.GIVING_UP).with(Freedom.EARLY_EXPIRY).with(Freedom.NODES_IN_ANY_ORDER);
    }

    private static void assertHolds(SearchSetup setup) {
        TokenSearch.Result result = TokenSearch.of(setup);
        System.out.println(setup.attempts() + " attempts that want " + setup.widths() + ", counters " + setup.counters()
                + ", with " + setup.freedoms() + ": " + result);

        assertThat(result.broken()).as("%s", result).isEmpty();
        assertThat(result.exhaustive()).as("%s", result).isTrue();
    }

    /** All ways for three counters to start, up to the order of the nodes. */
    private static List<List<Integer>> countersUpTo(int largest) {
        List<List<Integer>> all = new ArrayList<>();
        for (int x = 0; x <= largest; x++) {
            for (int y = x; y <= largest; y++) {
                for (int z = y; z <= largest; z++) {
                    all.add(List.of(x, y, z));
                }
            }
        }
        return all;
    }
}
