package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which settings are allowed. */
final class LockSettingsTest {
    @Test
    void theDefaultsAreWhatTheyAreDocumentedToBe() {
        assertThat(LockSettings.DEFAULT)
                .isEqualTo(settings(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofMillis(500),
                        Duration.ofMillis(10),
                        Duration.ofMillis(200)));
    }

    /** In the order lease, maxLease, nodeTimeout, retryDelay, maxRetryDelay. */
    @ParameterizedTest
    @CsvSource({
        "PT0.01S, PT0.01S, PT0.001S, PT0.001S, PT0.001S",
        "PT24H, PT24H, PT23H59M59.999S, PT1M, PT10M",
        "PT30S, PT30S, PT29.999S, PT0.01S, PT0.01S"
    })
    void theLimitsThemselvesAreAllowed(
            Duration lease, Duration maxLease, Duration node, Duration retry, Duration most) {
        assertThat(settings(lease, maxLease, node, retry, most).leases().length())
                .isEqualTo(lease);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, PT5M, PT0.5S, PT0.01S, PT0.2S, 'lease must be from 10 ms to 300000 ms, but is PT0S'",
        "PT-1S, PT5M, PT0.5S, PT0.01S, PT0.2S, 'lease must be from 10 ms to 300000 ms, but is PT-1S'",
        "PT0.0005S, PT5M, PT0.5S, PT0.01S, PT0.2S, 'lease must be from 10 ms to 300000 ms, but is PT0.0005S'",
        "PT0.009S, PT5M, PT0.5S, PT0.01S, PT0.2S, 'lease must be from 10 ms to 300000 ms, but is 9 ms'",
        "PT6M, PT5M, PT0.5S, PT0.01S, PT0.2S, 'lease must be from 10 ms to 300000 ms, but is 360000 ms'",
        "PT30S, PT0.009S, PT0.5S, PT0.01S, PT0.2S, 'maxLease must be from 10 ms to 86400000 ms, but is 9 ms'",
        "PT30S, PT87600H, PT0.5S, PT0.01S, PT0.2S, 'maxLease must be from 10 ms to 86400000 ms, but is PT87600H'",
        "PT30S, PT5M, PT0S, PT0.01S, PT0.2S, 'nodeTimeout must be from 1 ms to 29999 ms, but is PT0S'",
        "PT30S, PT5M, PT30S, PT0.01S, PT0.2S, 'nodeTimeout must be from 1 ms to 29999 ms, but is 30000 ms'",
        "PT30S, PT5M, PT0.5S, PT0S, PT0.2S, 'retryDelay must be from 1 ms to 60000 ms, but is PT0S'",
        "PT30S, PT5M, PT0.5S, PT61S, PT0.2S, 'retryDelay must be from 1 ms to 60000 ms, but is 61000 ms'",
        "PT30S, PT5M, PT0.5S, PT0.01S, PT0.009S, 'maxRetryDelay must be from 10 ms to 600000 ms, but is 9 ms'",
        "PT30S, PT5M, PT0.5S, PT0.01S, PT601S, 'maxRetryDelay must be from 10 ms to 600000 ms, but is 601000 ms'"
    })
    void aBadValueIsRefusedByItsName(
            Duration lease, Duration maxLease, Duration node, Duration retry, Duration most, String message) {
        assertThatThrownBy(() -> settings(lease, maxLease, node, retry, most))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a null checker do
    void aMissingValueIsNamed() {
        Duration one = Duration.ofSeconds(1);
        assertThatNullPointerException()
                .isThrownBy(() -> settings(one, one, null, one, one))
                .withMessage("nodeTimeout");
    }

    @Test
    void aLeaseThatIsAskedForStaysWithinTheSameLimits() {
        Duration asked = Duration.ofMinutes(5);

        assertThat(LockSettings.DEFAULT.requireLease("duration", asked)).isSameAs(asked);
        assertThatThrownBy(() -> LockSettings.DEFAULT.requireLease("duration", asked.plusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("duration must be from 10 ms to 300000 ms");
    }

    @ParameterizedTest
    @CsvSource({"-0.01", "0.51", "NaN"})
    void aDriftThatIsNoPartOfALeaseIsRefused(double drift) {
        Duration one = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new LockSettings.Leases(one, one, drift, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("drift must be from 0 to 0.5, but is ");
    }

    private static LockSettings settings(
            Duration lease, Duration maxLease, Duration node, Duration retry, Duration most) {
        return new LockSettings(
                new LockSettings.Leases(lease, maxLease, 0.01, Optional.empty()),
                new LockSettings.Retry(retry, most, 0.5),
                node);
    }
}
