package dev.fencepost.bench;

import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.servers.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the guard adds to a write. */
final class Guarding {
    private static final String PLAIN = "plain transaction";
    private static final String PLAIN_SQL = "plain transaction, one round trip";
    private static final String ADVISORY = "pg_advisory_xact_lock";
    private static final String FOR_UPDATE = "SELECT ... FOR UPDATE";
    private static final String ONCE = "writeOnce";
    private static final String TRIGGER = "writeOnce, trigger on";
    private static final String ONCE_SQL = "writeOnce as SQL, one round trip";
    private static final String TRIGGER_SQL = "writeOnce as SQL, trigger on";
    private static final String ONCE_OWN_BEGIN = "writeOnce, BEGIN as a message";
    private static final String SQL_OWN_BEGIN = "writeOnce as SQL, BEGIN as a message";
    private static final String PLAIN_BATCH = "plain transaction, batch of " + Writes.BATCH;
    private static final String ONCE_BATCH = "writeOnce, batch of " + Writes.BATCH;

    /** Turns are short and many: what else the machine does then meets all ways alike. */
    private static final int TURNS = 6;

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
            ways.put(PLAIN_SQL, writes::plainAtOnce);
            ways.put(ONCE, writes::once);
            ways.put("write, one token", writes::write);
            ways.put(TRIGGER, writes::trigger);
            ways.put(ONCE_SQL, writes::onceAsSql);
            ways.put(TRIGGER_SQL, writes::triggerAsSql);
            ways.put(ONCE_OWN_BEGIN, writes::onceWithOwnBegin);
            ways.put(SQL_OWN_BEGIN, writes::onceAsSqlWithOwnBegin);
            ways.put("rows with tokens", writes::inRow);
            ways.put(ADVISORY, writes::advisory);
            ways.put(FOR_UPDATE, writes::forUpdate);
            ways.put(PLAIN_BATCH, writes::plainBatch);
            ways.put(ONCE_BATCH, writes::onceBatch);
            List<Trial> trials = new ArrayList<>();
            ways.forEach((name, write) -> {
                Writes.rate(write, effort.slice());
                trials.add(
                        new Trial(name, () -> Writes.rate(write, effort.slice().dividedBy(TURNS))));
            });
            Series series = Series.interleaved(effort.rounds() * TURNS, trials);
            question.bars("Transactions with one UPDATE", "a second", series)
                    .figure(
                            "writeOnce as SQL, to a plain one in one round trip",
                            series.ratio(ONCE_SQL, PLAIN_SQL),
                            "times")
                    .figure("as SQL, to one with BEGIN as a message", series.ratio(ONCE_SQL, SQL_OWN_BEGIN), "times")
                    .figure("in Java, to one with BEGIN as a message", series.ratio(ONCE, ONCE_OWN_BEGIN), "times")
                    .figure("batch of 100 guarded, to unguarded", series.ratio(ONCE_BATCH, PLAIN_BATCH), "times");
            for (String name : List.of(PLAIN, ADVISORY, FOR_UPDATE, ONCE, ONCE_SQL)) {
                processorTime(question, name, Objects.requireNonNull(ways.get(name)));
            }
            targets(question, series, "guard.sql.", "as SQL", ONCE_SQL, TRIGGER_SQL);
            return targets(question, series, "guard.", "work in Java", ONCE, TRIGGER);
        }
    }

    private void processorTime(Question question, String name, Writes.Write write) {
        if (server.pid().isEmpty()) {
            question.note("processor time was not measured: the server is no process of this machine");
            return;
        }
        double before = serverNanos();
        long start = System.nanoTime();
        double transactions = Writes.rate(write, effort.slice().multipliedBy(2)) * (System.nanoTime() - start) / 1e9;
        double micros = (serverNanos() - before) / transactions / 1e3;
        question.figure("processor time of the server for one: " + name, Spread.of(micros), "us");
    }

    /** Of the processes that have connections, which the pool keeps. */
    private double serverNanos() {
        return ProcessHandle.of(server.pid().orElseThrow()).stream()
                .flatMap(ProcessHandle::children)
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    private static Question targets(
            Question question, Series series, String id, String form, String once, String trigger) {
        return question.row(Row.of(
                        "writeOnce with one UPDATE, 8 connections, " + form,
                        Part.atLeast(id + "plain", "to a plain transaction", series.ratio(once, PLAIN), 0.9)))
                .row(Row.of(
                        "the same, against locks of the database, " + form,
                        Part.atLeast(
                                id + "advisory", "to pg_advisory_xact_lock + UPDATE", series.ratio(once, ADVISORY), 1),
                        Part.atLeast(
                                id + "forUpdate",
                                "to SELECT ... FOR UPDATE + UPDATE",
                                series.ratio(once, FOR_UPDATE),
                                1)))
                .row(Row.of(
                        "with the trigger on, " + form,
                        Part.atLeast(id + "trigger", "to a plain transaction", series.ratio(trigger, PLAIN), 0.75)));
    }
}
