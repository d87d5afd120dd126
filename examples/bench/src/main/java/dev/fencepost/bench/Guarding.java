package dev.fencepost.bench;

import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.servers.PostgresServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the guard adds to a write. */
final class Guarding {
    private static final String PLAIN = "plain transaction";
    private static final String ADVISORY = "pg_advisory_xact_lock";
    private static final String FOR_UPDATE = "SELECT ... FOR UPDATE";
    private static final String ONCE = "writeOnce";
    private static final String TRIGGER = "writeOnce, trigger on";
    private static final String ONCE_SQL = "writeOnce as SQL, one round trip";
    private static final String TRIGGER_SQL = "writeOnce as SQL, trigger on";
    private static final String PLAIN_BATCH = "plain transaction, batch of " + Writes.BATCH;
    private static final String ONCE_BATCH = "writeOnce, batch of " + Writes.BATCH;

    private final Effort effort;
    private final PostgresServer server;

    Guarding(Effort effort, PostgresServer server) {
        this.effort = effort;
        this.server = server;
    }

    Question writes() {
        Question question = new Question(
                "What does the guard add to a write?",
                "Transactions with one UPDATE each through Jdbi, on " + Writes.CONNECTIONS
                        + " pooled connections, each on a row and a resource of its own; fsync, synchronous_commit and"
                        + " full_page_writes are on.");
        try (Writes writes = new Writes(server.newDatabase())) {
            Map<String, Writes.Write> ways = new LinkedHashMap<>();
            ways.put(PLAIN, writes::plain);
            ways.put(ONCE, writes::once);
            ways.put("write, one token", writes::write);
            ways.put(TRIGGER, writes::trigger);
            ways.put(ONCE_SQL, writes::onceAsSql);
            ways.put(TRIGGER_SQL, writes::triggerAsSql);
            ways.put("rows with tokens", writes::inRow);
            ways.put(ADVISORY, writes::advisory);
            ways.put(FOR_UPDATE, writes::forUpdate);
            ways.put(PLAIN_BATCH, writes::plainBatch);
            ways.put(ONCE_BATCH, writes::onceBatch);
            List<Trial> trials = new ArrayList<>();
            ways.forEach((name, write) -> {
                Writes.rate(write, effort.slice());
                trials.add(new Trial(name, () -> Writes.rate(write, effort.slice())));
            });
            Series series = Series.interleaved(effort.rounds(), trials);
            return question.bars("Transactions with one UPDATE", "a second", series)
                    .figure("writeOnce as SQL, to a plain transaction", series.ratio(ONCE_SQL, PLAIN), "times")
                    .figure("the same, to pg_advisory_xact_lock + UPDATE", series.ratio(ONCE_SQL, ADVISORY), "times")
                    .figure("the same, trigger on, to a plain transaction", series.ratio(TRIGGER_SQL, PLAIN), "times")
                    .figure("batch of 100 guarded, to unguarded", series.ratio(ONCE_BATCH, PLAIN_BATCH), "times")
                    .row(Row.of(
                            "writeOnce with one UPDATE, 8 connections",
                            Part.atLeast("guard.plain", "to a plain transaction", series.ratio(ONCE, PLAIN), 0.9)))
                    .row(Row.of(
                            "the same, against locks of the database",
                            Part.atLeast(
                                    "guard.advisory",
                                    "to pg_advisory_xact_lock + UPDATE",
                                    series.ratio(ONCE, ADVISORY),
                                    1),
                            Part.atLeast(
                                    "guard.forUpdate",
                                    "to SELECT ... FOR UPDATE + UPDATE",
                                    series.ratio(ONCE, FOR_UPDATE),
                                    1)))
                    .row(Row.of(
                            "with the trigger on",
                            Part.atLeast(
                                    "guard.trigger", "to a plain transaction", series.ratio(TRIGGER, PLAIN), 0.75)));
        }
    }
}
