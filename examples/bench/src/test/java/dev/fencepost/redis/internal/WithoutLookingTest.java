package dev.fencepost.redis.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compared must differ in the look at the marker, and in nothing else. */
final class WithoutLookingTest {
    private static final String LOOK = "redis.call('GET', KEYS[1])";
    private static final String MOVE = "redis.call('SET', KEYS[1]";

    private final Map<Script, Script.Loaded> scripts = Script.of("ab12", "run.replication");

    @ParameterizedTest
    @EnumSource(names = {"GRANT", "RAISE", "EXTEND", "RELEASE"})
    void whatLocksAndReleasesDoesNotLook(Script script) {
        String text = Objects.requireNonNull(scripts.get(script)).text();
        String own = Script.read("/dev/fencepost/redis/" + script.name().toLowerCase(Locale.ROOT) + ".lua");

        String blind = WithoutLooking.of(text);

        assertThat(text).contains(LOOK).contains(MOVE);
        assertThat(blind).doesNotContain(LOOK).doesNotContain(MOVE);
        assertThat(code(blind)).containsSubsequence(code(own));
    }

    @ParameterizedTest
    @EnumSource(names = {"RESTORE", "ADVANCE"})
    void whatIsAboutTheMarkerStaysAsItIs(Script script) {
        String text = Objects.requireNonNull(scripts.get(script)).text();

        assertThat(WithoutLooking.of(text)).isEqualTo(text);
    }

    @Test
    void whatDoesNotLookStaysAsItIs() {
        assertThat(WithoutLooking.of(Script.EXCHANGE)).isEqualTo(Script.EXCHANGE);
    }

    private static List<String> code(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.equals("-- #move"))
                .toList();
    }
}
