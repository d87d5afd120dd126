package dev.fencepost.bench;

import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Bars;
import dev.fencepost.bench.report.Question;
import dev.fencepost.internal.DecisionBenchmark;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What happens within the process, without any network: measured by JMH in a JVM of its own. */
final class InProcess {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Effort effort;

    InProcess(Effort effort) {
        this.effort = effort;
    }

    Question costs() {
        Question question = new Question(
                "What does the client itself cost?",
                "JMH, average times of one thread: the decision code for one attempt over five nodes, and the whole client over five nodes that"
                        + " answer at once; with what each allocates.");
        Bars times = new Bars("Time", "us");
        Bars bytes = new Bars("Allocated", "bytes");
        for (RunResult result : run()) {
            String name = result.getParams().getBenchmark();
            String what = name.substring(name.lastIndexOf('.') + 1);
            Spread time = spread(result.getPrimaryResult());
            times.bar(what, time);
            question.figure(what, time, "us");
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            if (allocated == null) {
                throw new IllegalStateException("JMH tells no allocations, but "
                        + result.getSecondaryResults().keySet());
            }
            bytes.bar(what, spread(allocated));
            question.figure(what + ", allocated", spread(allocated), "bytes");
        }
        return question.chart(times.svg()).chart(bytes.svg());
    }

    private Collection<RunResult> run() {
        try {
            return new Runner(new OptionsBuilder()
                            .include(DecisionBenchmark.class.getName())
                            .include(ClientBenchmark.class.getName())
                            .forks(1)
                            .threads(1)
                            .warmupIterations(2)
                            .warmupTime(TimeValue.milliseconds(effort.slice().toMillis() * 2))
                            .measurementIterations(effort.rounds())
                            .measurementTime(
                                    TimeValue.milliseconds(effort.slice().toMillis()))
                            .addProfiler(GCProfiler.class)
                            .verbosity(VerboseMode.SILENT)
                            .build())
                    .run();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed", e);
        }
    }

    private static Spread spread(Result<?> result) {
        return new Spread(
                result.getStatistics().getPercentile(50),
                result.getStatistics().getMin(),
                result.getStatistics().getMax());
    }
}
