package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The part of the contract of clients that is about how long a lease lasts, and how it ends. */
abstract class LeaseContract extends ClientTests {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void aLeaseThatRunsOutIsLostAndTheNextTokenIsLarger() throws InterruptedException {
        LockClient brief = client(Settings.DEFAULT.leasing(SHORT));
        CountDownLatch lost = new CountDownLatch(1);
        Lease first = brief.acquire(resource, SOON);
        first.onLost(lost::countDown);

        try (Lease second = locks.acquire(resource, SOON)) {
            // Whoever has the lock now, has it because the first holder had given it up before.
            assertThat(first.isHeld()).isFalse();
            assertThat(first.remaining()).isZero();
            assertThat(second.token()).isGreaterThan(first.token());
            lost.await();
            assertThatThrownBy(() -> first.extend(SHORT)).isInstanceOf(LeaseLostException.class);
            first.close();

            assertThat(other.tryAcquire(resource)).isEmpty();
            second.extend(Duration.ofMinutes(2));
        }
    }

    @Test
    void anExtensionKeepsTheTokenAndTheLock() {
        LockClient brief = client(Settings.DEFAULT.leasing(Duration.ofSeconds(5)));
        try (Lease lease = brief.acquire(resource, SOON)) {
            FencingToken token = lease.token();
            lease.extend(Duration.ofMinutes(3));

            assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(100));
            assertThat(lease.token()).isEqualTo(token);
            // Others are told how long it is held, at the latest when the extension has reached the last node.
            String longer = ".* for 1[0-9]{5} ms more .*";
            long end = System.nanoTime() + SOON.toNanos();
            String told = refusal();
            while (!told.matches(longer) && System.nanoTime() - end < 0) {
                told = refusal();
            }
            assertThat(told).matches(longer);
        }
    }

    /** What another client is told that wants the lock now. */
    private String refusal() {
        Throwable refused = catchThrowable(() -> other.acquire(resource, Duration.ZERO));
        assertThat(refused).isInstanceOf(LockTimeoutException.class);
        return String.valueOf(refused.getMessage());
    }

    @Test
    void anExtensionBeyondWhatIsAllowedIsRefusedByName() {
        try (Lease lease = locks.acquire(resource, SOON)) {
            assertThatThrownBy(() -> lease.extend(Duration.ofDays(2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("but is PT48H");
            assertThatThrownBy(() -> lease.extend(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void automaticExtensionKeepsALeaseUntilItIsClosed() {
        LockClient keeper =
                client(Settings.DEFAULT.leasing(Duration.ofSeconds(2)).extending());
        Lease lease = keeper.acquire(resource, SOON);

        assertThatThrownBy(() -> other.acquire(resource, Duration.ofMillis(2_200)))
                .isInstanceOf(LockTimeoutException.class);
        assertThat(lease.isHeld()).isTrue();
        lease.close();
        other.acquire(resource, SOON).close();
    }

    @Test
    void aClosedLeaseIsNotLost() throws InterruptedException {
        AtomicInteger lost = new AtomicInteger();
        Lease lease = locks.acquire(resource, SOON);
        lease.onLost(lost::incrementAndGet);
        lease.close();
        lease.close();

        assertThat(nextEvent(LockEvent.Released.class).token()).isEqualTo(lease.token());
        assertThat(lease.isHeld()).isFalse();
        assertThat(lost).hasValue(0);
        assertThatThrownBy(() -> lease.extend(SOON)).isInstanceOf(LeaseLostException.class);
    }
}
