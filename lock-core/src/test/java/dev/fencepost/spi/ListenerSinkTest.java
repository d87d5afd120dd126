package dev.fencepost.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.FencingToken;
import dev.fencepost.LockEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How events get to a listener, on an executor that runs when the test says so. */
final class ListenerSinkTest {
    private final List<LockEvent> told = new ArrayList<>();
    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final EventSink sink = EventSink.to(told::add, executor::add);

    private static LockEvent event(long number) {
        return new LockEvent.Released(FencingToken.of("r", number), Duration.ZERO);
    }

    private static List<LockEvent> events(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(ListenerSinkTest::event)
                .toList();
    }

    private void runAll() {
        for (Runnable work = executor.poll(); work != null; work = executor.poll()) {
            work.run();
        }
    }

    @Test
    void nobodyIsToldBeforeTheExecutorRunsAndThenInOrder() {
        events(1, 5).forEach(event -> sink.emit(() -> event));
        assertThat(told).isEmpty();
        assertThat(executor).as("one at a time").hasSize(1);

        runAll();
        assertThat(told).isEqualTo(events(1, 5));
        sink.emit(() -> event(6));
        runAll();
        assertThat(told).isEqualTo(events(1, 6));
    }

    @Test
    void aListenerThatFailsIsToldOfWhatComesAfterwards() {
        EventSink failing = EventSink.to(
                event -> {
                    told.add(event);
                    if (told.size() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    if (told.size() == 2) {
                        throw new AssertionError("on purpose");
                    }
                },
                executor::add);
        events(1, 3).forEach(event -> failing.emit(() -> event));
        runAll();

        assertThat(told).isEqualTo(events(1, 3));
    }

    @Test
    void whatIsTooMuchForASlowListenerIsDroppedAndTheRestIsTold() {
        events(1, 10_050).forEach(event -> sink.emit(() -> event));
        runAll();
        assertThat(told).isEqualTo(events(1, 10_000));

        sink.emit(() -> event(10_051));
        runAll();
        assertThat(told).hasSize(10_001).last().isEqualTo(event(10_051));
    }

    @Test
    void anExecutorThatRefusesKeepsNobodyFromGoingOn() {
        boolean[] shut = {true};
        EventSink refused = EventSink.to(told::add, work -> {
            if (shut[0]) {
                throw new RejectedExecutionException("shut down");
            }
            executor.add(work);
        });
        refused.emit(() -> event(1));
        assertThat(executor).isEmpty();
        shut[0] = false;
        refused.emit(() -> event(2));
        runAll();

        assertThat(told).containsExactly(event(2));
    }
}
