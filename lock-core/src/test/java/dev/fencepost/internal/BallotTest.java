package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.Ballot.Verdict;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What votes come to, vote by vote. */
final class BallotTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 2", "4, 3", "5, 3", "15, 8"})
    void aQuorumIsMoreThanHalfOfAllNodes(int nodes, int quorum) {
        assertThat(Ballot.quorum(nodes)).isEqualTo(quorum);
    }

    @Test
    void aFreshBallotIsOpenAndAwaitsEveryNode() {
        Ballot fresh = Ballot.of(3);

        assertThat(fresh.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(fresh.token()).isZero();
        assertThat(List.of(fresh.awaits(0), fresh.awaits(1), fresh.awaits(2))).containsOnly(true);
        assertThat(List.of(fresh.raises(0), fresh.leftNothing(0))).containsOnly(false);
    }

    @Test
    void aSingleNodeDecidesAlone() {
        assertThat(Ballot.of(1).granted(0, 7)).returns(7L, Ballot::token).returns(Verdict.COMPLETE, Ballot::verdict);
    }

    @Test
    void equalGrantsOfAQuorumAreCompleteAtOnce() {
        Ballot ballot = Ballot.of(3).granted(2, 4);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(ballot.token()).isZero();

        ballot = ballot.granted(0, 4);
        assertThat(ballot.verdict()).isEqualTo(Verdict.COMPLETE);
        assertThat(ballot.token()).isEqualTo(4);
    }

    @Test
    void theTokenIsTheLargestGrantOfTheQuorumAndTheOthersAreRaisedToIt() {
        Ballot ballot = Ballot.of(5).granted(0, 3).granted(1, 9).granted(2, 5);

        assertThat(ballot.token()).isEqualTo(9);
        assertThat(ballot.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(ballot.raises(0)).isTrue();
        assertThat(ballot.raises(1)).isFalse();
        assertThat(ballot.raises(2)).isTrue();
        assertThat(ballot.raised(0).verdict()).isEqualTo(Verdict.OPEN);
        assertThat(ballot.raised(0).raised(2).verdict()).isEqualTo(Verdict.COMPLETE);
    }

    @Test
    void aLateGrantDoesNotChangeTheToken() {
        Ballot fixed = Ballot.of(3).granted(0, 2).granted(1, 3);

        assertThat(fixed.granted(2, 1).token()).isEqualTo(3);
        assertThat(fixed.granted(2, 3).token()).isEqualTo(3);
        assertThat(fixed.granted(2, 8).token()).isEqualTo(3);
    }

    @Test
    void aLateGrantCountsOnlyIfItIsNoLargerThanTheToken() {
        Ballot fixed = Ballot.of(3).granted(0, 2).granted(1, 3).lapsed(0);
        assertThat(fixed.verdict()).isEqualTo(Verdict.OPEN);

        assertThat(fixed.granted(2, 3).verdict()).isEqualTo(Verdict.COMPLETE);
        assertThat(fixed.granted(2, 1).raises(2)).isTrue();
        assertThat(fixed.granted(2, 1).raised(2).verdict()).isEqualTo(Verdict.COMPLETE);
        assertThat(fixed.granted(2, 4).raises(2)).isFalse();
        assertThat(fixed.granted(2, 4).verdict()).isEqualTo(Verdict.CONTENDED);
    }

    @Test
    void aNodeWhoseGrantWasTooLargeStillHasSomethingToRelease() {
        assertThat(Ballot.of(3).granted(0, 2).granted(1, 3).granted(2, 4).leftNothing(2))
                .isFalse();
    }

    @Test
    void onlyANodeThatRefusedOutrightLeftNothing() {
        assertThat(Ballot.of(3).refused(0).leftNothing(0)).isTrue();
        assertThat(Ballot.of(3).exhausted(0).leftNothing(0)).isTrue();
        assertThat(Ballot.of(3).silent(0).leftNothing(0)).isFalse();
        assertThat(Ballot.of(3).granted(0, 1).leftNothing(0)).isFalse();
        assertThat(Ballot.of(3).granted(0, 1).granted(1, 2).lapsed(0).leftNothing(0))
                .isFalse();
    }

    @Test
    void aSecondAnswerToTheGrantChangesNothing() {
        List<UnaryOperator<Ballot>> firsts =
                List.of(b -> b.granted(0, 5), b -> b.refused(0), b -> b.exhausted(0), b -> b.silent(0));
        for (UnaryOperator<Ballot> first : firsts) {
            Ballot voted = first.apply(Ballot.of(3));
            assertThat(voted.granted(0, 6)).isSameAs(voted);
            assertThat(voted.refused(0)).isSameAs(voted);
            assertThat(voted.exhausted(0)).isSameAs(voted);
            assertThat(voted.silent(0)).isSameAs(voted);
            assertThat(voted.awaits(0)).isFalse();
        }
    }

    @Test
    void anAnswerToARaiseThatWasNotSentChangesNothing() {
        Ballot fresh = Ballot.of(3);
        Ballot granted = fresh.granted(0, 5);
        Ballot complete = granted.granted(1, 5);

        for (Ballot ballot : List.of(fresh, granted, complete)) {
            assertThat(ballot.raised(0)).isSameAs(ballot);
            assertThat(ballot.lapsed(0)).isSameAs(ballot);
        }
    }

    @Test
    void aSecondAnswerToARaiseChangesNothing() {
        Ballot raising = Ballot.of(3).granted(0, 1).granted(1, 2);
        Ballot raised = raising.raised(0);
        assertThat(raised.lapsed(0)).isSameAs(raised);
        assertThat(raised.silent(0)).isSameAs(raised);
        Ballot lapsed = raising.lapsed(0);
        assertThat(lapsed.raised(0)).isSameAs(lapsed);
        Ballot silent = raising.silent(0);
        assertThat(silent.raised(0)).isSameAs(silent);
        assertThat(silent.lapsed(0)).isSameAs(silent);
    }

    @Test
    void aNodeThatIsToBeRaisedIsAwaitedUntilItAnswers() {
        Ballot raising = Ballot.of(3).granted(0, 1).granted(1, 2);

        assertThat(raising.awaits(0)).isTrue();
        assertThat(raising.awaits(1)).isFalse();
        assertThat(raising.raised(0).awaits(0)).isFalse();
    }

    @Test
    void eventsDoNotChangeTheBallotThatTheyAreToldTo() {
        Ballot fresh = Ballot.of(1);
        fresh.granted(0, 1);
        assertThat(fresh).isEqualTo(Ballot.of(1)).hasSameHashCodeAs(Ballot.of(1));
    }

    /** One letter a node: granted, refused, exhausted, silent, or awaited. */
    @ParameterizedTest
    @CsvSource({
        "r, CONTENDED",
        "e, EXHAUSTED",
        "s, UNAVAILABLE",
        "a, OPEN",
        "gr, CONTENDED",
        "ge, EXHAUSTED",
        "gs, UNAVAILABLE",
        "rs, UNAVAILABLE",
        "re, EXHAUSTED",
        "es, UNAVAILABLE",
        "ar, CONTENDED",
        "as, UNAVAILABLE",
        "grr, CONTENDED",
        "rrr, CONTENDED",
        "rrs, CONTENDED",
        "rss, UNAVAILABLE",
        "gss, UNAVAILABLE",
        "grs, CONTENDED",
        "gar, OPEN",
        "rra, CONTENDED",
        "ssa, UNAVAILABLE",
        "rea, CONTENDED",
        "gee, EXHAUSTED",
        "rre, CONTENDED",
        "ree, EXHAUSTED",
        "gga, COMPLETE",
        "ggs, COMPLETE",
        "gge, COMPLETE",
        "ggrrr, CONTENDED",
        "ggrrs, CONTENDED",
        "ggrss, CONTENDED",
        "ggsss, UNAVAILABLE",
        "rrsss, UNAVAILABLE",
        "ggeee, EXHAUSTED",
        "ggaaa, OPEN",
        "ggrra, OPEN",
        "gggss, COMPLETE"
    })
    void votesComeToTheirVerdict(String votes, Verdict verdict) {
        Ballot ballot = Ballot.of(votes.length());
        for (int node = 0; node < votes.length(); node++) {
            ballot = switch (votes.charAt(node)) {
                case 'g' -> ballot.granted(node, 3);
                case 'r' -> ballot.refused(node);
                case 'e' -> ballot.exhausted(node);
                case 's' -> ballot.silent(node);
                default -> ballot;
            };
        }

        assertThat(ballot.verdict()).isEqualTo(verdict);
    }

    /** The exhaustive search numbers nodes in the order of their use, and may, because of this. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void theNumbersOfTheNodesMakeNoDifference(int nodes) {
        Random random = new Random(nodes);
        for (int round = 0; round < 2_000; round++) {
            int turn = random.nextInt(nodes);
            boolean mirrored = random.nextBoolean();
            Ballot one = Ballot.of(nodes);
            Ballot other = Ballot.of(nodes);
            for (int event = 0; event < 3 * nodes; event++) {
                int kind = random.nextInt(6);
                int node = random.nextInt(nodes);
                int grant = 1 + random.nextInt(3);
                one = after(one, kind, node, grant);
                other = after(other, kind, renumbered(node, nodes, turn, mirrored), grant);
            }
            assertThat(other.verdict()).isEqualTo(one.verdict());
            assertThat(other.token()).isEqualTo(one.token());
            for (int node = 0; node < nodes; node++) {
                int twin = renumbered(node, nodes, turn, mirrored);
                assertThat(other.awaits(twin)).isEqualTo(one.awaits(node));
                assertThat(other.raises(twin)).isEqualTo(one.raises(node));
                assertThat(other.leftNothing(twin)).isEqualTo(one.leftNothing(node));
            }
        }
    }

    private static int renumbered(int node, int nodes, int turn, boolean mirrored) {
        return ((mirrored ? nodes - 1 - node : node) + turn) % nodes;
    }

    private static Ballot after(Ballot ballot, int kind, int node, int grant) {
        return switch (kind) {
            case 0, 1 -> ballot.granted(node, grant);
            case 2 -> ballot.raised(node);
            case 3 -> ballot.lapsed(node);
            case 4 -> ballot.refused(node);
            default -> ballot.silent(node);
        };
    }
}
