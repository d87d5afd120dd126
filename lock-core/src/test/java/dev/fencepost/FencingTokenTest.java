package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens there are. */
final class FencingTokenTest {
    private static final String KEY = "\uD83D\uDD11";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 9_007_199_254_740_991L})
    void valuesFromOneToTheLargestExactDoubleAreTokens(long value) {
        assertThat(FencingToken.of("r", value))
                .returns("r", FencingToken::resource)
                .returns(value, FencingToken::value)
                .returns("", FencingToken::owner)
                .isEqualTo(new FencingToken("r", value));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 9_007_199_254_740_992L, Long.MAX_VALUE})
    void otherValuesAreRefusedWithTheValueAndTheResource(long value) {
        assertThatThrownBy(() -> FencingToken.of("invoice/42", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to 2^53 - 1, but is " + value + " for resource 'invoice/42'");
    }

    static Stream<Arguments> resourcesThatAreNotAllowed() {
        return Stream.of(
                Arguments.of("", "empty or blank, but is ''"),
                Arguments.of(" \t\n", "empty or blank"),
                Arguments.of("a\0b", "NUL, but 'a\\0b' does at index 1"),
                Arguments.of("x".repeat(513), "at most 512 characters, but has 513"),
                Arguments.of("ab\uD83D", "half of a surrogate pair at index 2"),
                Arguments.of("\uDD11ab", "half of a surrogate pair at index 0"),
                Arguments.of("a\uD83D\uD83D\uDD11", "half of a surrogate pair at index 1"),
                Arguments.of(KEY + "\uDD11", "half of a surrogate pair at index 2"));
    }

    @ParameterizedTest
    @MethodSource("resourcesThatAreNotAllowed")
    void aResourceThatIsNotAllowedIsRefusedWithTheReason(String resource, String reason) {
        assertThatThrownBy(() -> FencingToken.requireResource(resource))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("resource must ")
                .hasMessageContaining(reason);
        assertThatThrownBy(() -> FencingToken.of(resource, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<String> resourcesThatAreAllowed() {
        return Stream.of("r", " r ", "x".repeat(512), "a:b{c}%", KEY, "\u00FC/" + KEY + KEY, "\n.");
    }

    @ParameterizedTest
    @MethodSource("resourcesThatAreAllowed")
    void everyOtherNameIsKeptAsItIs(String resource) {
        assertThat(FencingToken.requireResource(resource)).isSameAs(resource);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a null checker do
    void nullPartsAreNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> FencingToken.of(null, 1))
                .withMessage("resource");
        assertThatNullPointerException()
                .isThrownBy(() -> new FencingToken("r", 1, null))
                .withMessage("owner");
    }

    @Test
    void anOwnerHasItsLimits() {
        assertThatCode(() -> new FencingToken("r", 1, "x".repeat(128))).doesNotThrowAnyException();
        assertThatThrownBy(() -> new FencingToken("r", 1, "x".repeat(129)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 128 characters")
                .hasMessageContaining("has 129");
        assertThatThrownBy(() -> new FencingToken("r", 1, "secret\0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no NUL")
                .hasMessageNotContaining("secret");
    }

    @Test
    void theOwnerIsNotShown() {
        assertThat(new FencingToken("invoice/42", 7, "secret")).hasToString("invoice/42#7");
    }

    @Test
    void tokensOfOneResourceAreOrderedByValueAlone() {
        FencingToken older = new FencingToken("r", 1, "b");
        FencingToken newer = new FencingToken("r", 2, "a");

        assertThat(older).isLessThan(newer).isEqualByComparingTo(new FencingToken("r", 1, "a"));
        assertThat(newer).isGreaterThan(older);
        assertThat(older).as("the owner tells them apart").isNotEqualTo(new FencingToken("r", 1, "a"));
    }

    @Test
    void tokensOfDifferentResourcesDoNotCompare() {
        assertThatThrownBy(() -> FencingToken.of("a", 1).compareTo(FencingToken.of("b", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a#1 and b#2");
    }
}
