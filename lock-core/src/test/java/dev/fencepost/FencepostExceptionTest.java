package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencepostException.Advice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an exception tells its catcher. */
final class FencepostExceptionTest {
    private static final FencingToken TOKEN = new FencingToken("r", 7, "secret");

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new LeaseLostException(TOKEN, "it was closed"), Advice.NEVER_RETRY_WITH_THIS_TOKEN),
                Arguments.of(new LockTimeoutException("r", Duration.ofMillis(50), "held"), Advice.RETRY_LATER),
                Arguments.of(new QuorumUnavailableException("r", Map.of("a", "down")), Advice.RETRY_LATER),
                Arguments.of(
                        new AcquireInterruptedException("lock 'r'", new InterruptedException()), Advice.RETRY_LATER),
                Arguments.of(new TokensExhaustedException("r"), Advice.STOP));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void eachSaysWhatMayBeDoneNext(FencepostException exception, Advice advice) {
        assertThat(exception.advice()).isEqualTo(advice);
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void eachSurvivesBeingSentToAnotherProcess(FencepostException exception) throws Exception {
        assertThatObject(copied(exception))
                .hasSameClassAs(exception)
                .returns(exception.getMessage(), FencepostException::getMessage)
                .returns(exception.advice(), FencepostException::advice);
    }

    @Test
    void aLostLeaseNamesItsTokenWithoutItsOwner() {
        LeaseLostException lost = new LeaseLostException(TOKEN, "its time was up");

        assertThat(lost).hasMessage("the lease r#7 is over: its time was up");
        assertThat(lost.token()).isEqualTo(FencingToken.of("r", 7));
    }

    @Test
    void aTimeoutNamesTheResourceAndTheWait() {
        LockTimeoutException timeout = new LockTimeoutException("r", Duration.ofSeconds(2), "somebody else holds it");

        assertThat(timeout)
                .hasMessage("'r' could not be locked within 2000 ms: somebody else holds it")
                .returns("r", LockTimeoutException::resource)
                .returns(Duration.ofSeconds(2), LockTimeoutException::waited);
    }

    @Test
    void reasonsAreCopiedInOrderAndCannotBeChanged() {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("z", "down");
        reasons.put("a", "no password");
        QuorumUnavailableException unavailable = new QuorumUnavailableException("'r' could not be locked", reasons);
        reasons.clear();

        assertThat(unavailable).hasMessage("'r' could not be locked; {z=down, a=no password}");
        assertThat(unavailable.reasons()).containsExactly(Map.entry("z", "down"), Map.entry("a", "no password"));
        assertThatThrownBy(() -> unavailable.reasons().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static FencepostException copied(FencepostException exception) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exception);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (FencepostException) in.readObject();
        }
    }
}
