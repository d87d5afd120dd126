package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.Move.Into;
import dev.fencepost.spi.NodeReply.Condition;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeReply.Seen;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a change of the set of nodes is decided, and what follows from that. */
final class MoveTest {
    private static final List<String> FOUR = List.of("a", "b", "c", "d");
    private static final Into TO_FIVE = Into.of("epoch", List.of("a", "b", "c", "d", "e"), List.of("life-of-e"));
    private static final Into TO_THREE = Into.of("epoch", List.of("a", "b", "c"), List.of());
    private static final Optional<Marker> NOT = Optional.empty();

    @Test
    void aQuorumOnItsWayIntoOneSetDecidesForIt() {
        List<Optional<Marker>> looks = List.of(to(TO_FIVE, 0), to(TO_FIVE, 1), NOT, to(TO_FIVE, 3));

        assertThat(Move.decided(looks, looks)).contains(new Move(TO_FIVE, 400, 8, 60_004));
    }

    @Test
    void halfOfTheNodesDecideNothing() {
        List<Optional<Marker>> looks = List.of(to(TO_FIVE, 0), to(TO_FIVE, 1), NOT, NOT);

        assertThat(Move.decided(looks, looks)).isEmpty();
    }

    @Test
    void aNodeThatWasNotOnItsWayInBothLooksInOneLifeDoesNotCount() {
        List<Optional<Marker>> looks = List.of(to(TO_FIVE, 0), to(TO_FIVE, 1), to(TO_FIVE, 2), NOT);
        Marker again = to(TO_FIVE, 2).orElseThrow();
        Marker forgot = new Marker(false, "another life", again.numbers(), again.terms(), again.identity());

        assertThat(Move.decided(looks, List.of(looks.get(0), looks.get(1), NOT, NOT)))
                .isEmpty();
        assertThat(Move.decided(looks, List.of(looks.get(0), looks.get(1), Optional.of(forgot), NOT)))
                .isEmpty();
    }

    @Test
    void allNodesOnTheirWayDecideForWhatMostOfThemWantAndAnyOneIfThatIsAsManyForTwo() {
        List<Optional<Marker>> most = List.of(to(TO_FIVE, 0), to(TO_THREE, 1), to(TO_FIVE, 2), to(TO_THREE, 3));
        List<Optional<Marker>> turned = List.of(to(TO_THREE, 0), to(TO_FIVE, 1), to(TO_THREE, 2), to(TO_FIVE, 3));

        Into decided = Move.decided(most, most).orElseThrow().into();
        assertThat(Move.decided(turned, turned).orElseThrow().into()).isEqualTo(decided);
        assertThat(Move.decided(most.subList(0, 3), most.subList(0, 3))).isEmpty();
    }

    @Test
    void aNodeThatTakesPartInTheNextSetIsAWitness() {
        Marker witness =
                Markers.crossed(to(TO_FIVE, 0).orElseThrow(), "life-of-a", look(0), new Move(TO_FIVE, 400, 8, 60_000));

        Move move = Move.witnessed(witness);

        assertThat(move).isEqualTo(new Move(TO_FIVE, 400, 8, 60_001));
        assertThat(move.concerns(to(TO_FIVE, 1).orElseThrow())).isTrue();
        assertThat(move.concerns(to(TO_THREE, 1).orElseThrow()))
                .as("wherever it wants to go")
                .isTrue();
        assertThat(move.concerns(witness)).as("it has crossed").isFalse();
    }

    @Test
    void onlyWhatStillWaitsInTheLifeThatTheChangeNamesIsFresh() {
        Move move = new Move(TO_FIVE, 400, 8, 60_000);
        Marker fresh = Markers.fresh(look(4), "life-of-e", "e", TO_FIVE.members());
        Marker other = Markers.fresh(look(4), "another life", "e", TO_FIVE.members());

        assertThat(move.isFresh(fresh)).isTrue();
        assertThat(move.isFresh(other)).isFalse();
    }

    @Test
    void whatANodeRemembersIsNotLost() {
        Marker before = to(TO_FIVE, 3).orElseThrow();

        Marker after = Markers.crossed(before, before.life(), look(3), new Move(TO_FIVE, 100, 3, 60_000));

        assertThat(after.ready()).isTrue();
        assertThat(after.numbers()).isEqualTo(new Marker.Numbers(7, 400, 100, 3));
        assertThat(after.identity().memory()).isEqualTo(before.identity().memory());
        assertThat(after.identity().epoch()).isEqualTo(TO_FIVE.epoch());
        assertThat(after.identity().members()).isEqualTo(TO_FIVE.members());
        assertThat(Marker.parse(after.text())).contains(after);
        assertThat(Marker.parse(before.text())).contains(before);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3, true",
        "3, 4, true",
        "3, 5, true",
        "5, 7, true",
        "5, 4, true",
        "4, 3, true",
        "3, 2, false",
        "2, 1, true",
        "2, 3, true",
        "5, 3, false",
        "7, 5, false",
        "3, 1, false",
        "1, 2, false",
        "1, 3, false",
        "3, 6, false"
    })
    void someChangesArePossibleInOneStep(int before, int after, boolean possible) {
        assertThat(Move.isPossible(names(0, before), names(0, after))).isEqualTo(possible);
    }

    @ParameterizedTest
    @CsvSource({"3, 1, true", "3, 2, false", "5, 2, true", "5, 3, false", "4, 1, true", "2, 1, false", "1, 1, false"})
    void soManyOfTheNodesCanBeExchanged(int nodes, int others, boolean possible) {
        assertThat(Move.isPossible(names(0, nodes), names(others, nodes))).isEqualTo(possible);
    }

    private static List<String> names(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> "n" + i).toList();
    }

    /** A node of four that is on its way. The later in the order of names, the further it has come. */
    private static Optional<Marker> to(Into into, int node) {
        String name = FOUR.get(node);
        return Optional.of(new Marker(
                false,
                "life-of-" + name,
                new Marker.Numbers(4 + node, 100L * (1 + node), 10, node),
                new Marker.Terms(60_001 + node, 0, false),
                new Marker.Identity(
                        "memory-of-" + name,
                        "epoch",
                        "process-of-" + name,
                        name,
                        new Marker.Members(FOUR, into.members(), into.fresh()))));
    }

    private static Seen look(int node) {
        return new Seen("", NOT, "process-of-node " + node, 5, new Condition("", true, Map.of()));
    }
}
