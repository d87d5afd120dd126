package dev.fencepost.internal;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The decision code alone, for one attempt over five nodes. In this package since the ballot is nobody else's business. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecisionBenchmark {
    private long counter;

    /** The ordinary case: a quorum grants, and agrees. */
    @Benchmark
    public Object agreedAtOnce() {
        long token = ++counter;
        Ballot ballot = Ballot.of(5).granted(0, token).granted(1, token).granted(2, token);
        return ballot.verdict();
    }

    /** Two of the counters lag behind, and are raised. */
    @Benchmark
    public Object raisedToAgree() {
        long token = ++counter;
        Ballot ballot = Ballot.of(5)
                .granted(0, token)
                .granted(1, token + 1)
                .granted(2, token)
                .raised(0)
                .raised(2);
        return ballot.verdict();
    }
}
