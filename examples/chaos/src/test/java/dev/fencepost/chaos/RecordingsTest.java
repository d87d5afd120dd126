package dev.fencepost.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Reading;
import dev.fencepost.chaos.history.Recorder;
import dev.fencepost.chaos.history.Recordings;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Vote;
import dev.fencepost.chaos.history.WriteFact;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker writes down is what the checks read. */
final class RecordingsTest {
    private static final Holder HOLDER = new Holder("a \"b\"\n", (1L << 53) - 1, "owner");
    private static final WriteFact WANTED =
            new WriteFact(WriteFact.Kind.NOTE, HOLDER, "w.1", WriteFact.Outcome.UNKNOWN, new Span(3, 3));

    @TempDir
    private Path directory;

    @Test
    void everyKindOfFactComesBackAsItWas() {
        LeaseFact lease = new LeaseFact(
                "worker 1",
                HOLDER,
                new Span(-5, Long.MAX_VALUE),
                LeaseFact.UNUSED,
                new LeaseFact.Terms(LeaseFact.UNSEEN, 7, 8, LeaseFact.NEVER),
                List.of(new Vote(4, 11, true, new Span(1, 2)), new Vote(0, 12, false, new Span(1, 9))));
        List<Observation> observations = List.of(
                new Observation.Refusal(HOLDER, 9),
                new Observation.Loss("worker 1", HOLDER, 1, LeaseFact.NEVER),
                new Observation.Unclaimed("x", true),
                new Observation.Sum(1, 2),
                new Observation.Live("worker 0", new Reading(7, 9_000)),
                new Observation.Recovery("somebody", new Span(1, 2), false, 3));
        try (Recorder recorder = new Recorder(directory.resolve("one.jsonl"))) {
            recorder.lease(lease);
            recorder.write(WANTED);
            observations.forEach(recorder::observation);
        }

        assertThat(Recordings.read(directory)).isEqualTo(new Recordings(List.of(lease), List.of(WANTED), observations));
    }

    @Test
    void laterLineAboutTheSameReplacesTheEarlierOne() {
        WriteFact stored = new WriteFact(WANTED.kind(), HOLDER, WANTED.id(), WriteFact.Outcome.STORED, new Span(3, 4));
        try (Recorder recorder = new Recorder(directory.resolve("one.jsonl"))) {
            recorder.write(WANTED);
            recorder.write(stored);
        }

        assertThat(Recordings.read(directory).writes()).containsExactly(stored);
    }

    @Test
    void lineThatAKilledProcessDidNotFinishIsLeftOut() throws Exception {
        Path file = directory.resolve("one.jsonl");
        try (Recorder recorder = new Recorder(file)) {
            recorder.write(WANTED);
        }
        Files.writeString(file, "{\"fact\":\"wri", StandardOpenOption.APPEND);

        assertThat(Recordings.read(directory).writes()).containsExactly(WANTED);
    }
}
