package dev.fencepost.bench;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The whole client over five nodes that answer at once: what acquiring and releasing costs besides the network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ClientBenchmark {
    private final LockClient locks = client();

    /** Ends it. */
    @TearDown
    public void close() {
        locks.close();
    }

    /** One lock, taken and given back. */
    @Benchmark
    public long acquireAndRelease() {
        try (Lease lease = locks.tryAcquire("resource").orElseThrow()) {
            return lease.token().value();
        }
    }

    /** Nothing is ever due: nodes that answer at once need no timeouts, and no lease lasts. */
    private static LockClient client() {
        List<InstantNode> nodes =
                Stream.of("a", "b", "c", "d", "e").map(InstantNode::new).toList();
        Environment environment = Environment.of((delay, work) -> () -> {}, Runnable::run);
        return QuorumLocks.over(nodes, LockSettings.DEFAULT, environment, EventSink.NONE, () -> {});
    }
}
