package dev.fencepost.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Says whether ports are reserved by somebody else, and waits to be ended. */
    static final class Reserving {
        private Reserving() {}

        public static void main(String[] arguments) throws IOException {
            for (String port : arguments) {
                System.out.println(port + " " + Ports.tryReserve(Integer.parseInt(port)));
            }
            System.out.println("own " + Ports.reserve());
            System.in.read();
        }
    }

    @Test
    void aPortIsReservedOnceUntilItIsReleased() {
        Set<Integer> reserved = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(reserved.add(Ports.reserve())).isTrue();
        }
        reserved.forEach(Ports::release);
    }

    @Test
    void aPortIsReservedAgainstOtherJvmsForAsLongAsThisOneKeepsIt() {
        int kept = Ports.reserve();
        int released = Ports.reserve();
        Ports.release(released);
        try (WorkerProcess other =
                WorkerProcess.start("reserving", Reserving.class, Integer.toString(kept), Integer.toString(released))) {
            int own = Integer.parseInt(
                    other.awaitLine(line -> line.startsWith("own "), PATIENCE).substring("own ".length()));

            assertThat(other.lines()).contains(kept + " false", released + " true");
            assertThat(Ports.tryReserve(own)).isFalse();
            other.kill();
            assertThat(Ports.tryReserve(own)).isTrue();
            Ports.release(own);
        }
        Ports.release(kept);
    }
}
