package dev.fencepost.chaos.work;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Recorder;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.WriteFact;
import dev.fencepost.chaos.history.WriteFact.Kind;
import dev.fencepost.chaos.history.WriteFact.Outcome;
import dev.fencepost.jdbc.OutcomeUnknownException;
import dev.fencepost.jdbc.StaleTokenException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.JdbiException;

/** Writes, and writes down before what is intended and after what came of it. */
final class Writes {
    private final String prefix;
    private final boolean guarded;
    private final Recorder recorder;
    private final AtomicLong numbers = new AtomicLong();

    /** Names writes with a prefix that no other process has. */
    Writes(String prefix, boolean guarded, Recorder recorder) {
        this.prefix = prefix;
        this.guarded = guarded;
        this.recorder = recorder;
    }

    /** A name that no other write has. */
    String nextId() {
        return prefix + "." + numbers.incrementAndGet();
    }

    /** How the part of a write is named that belongs to one of its tokens. */
    static String part(String id, int index) {
        return index == 0 ? id : id + "-" + index;
    }

    /** Does the work, which is one write under one or several tokens, and tries no more than once. */
    Outcome run(Kind kind, List<FencingToken> tokens, String id, Runnable work) {
        return runAgain(kind, tokens, id, 1, work);
    }

    /** Does the work, which may be done again when nobody knows what came of it. */
    Outcome runAgain(Kind kind, List<FencingToken> tokens, String id, int attempts, Runnable work) {
        long from = System.nanoTime();
        record(kind, tokens, id, Outcome.UNKNOWN, new Span(from, from));
        boolean inDoubt = false;
        Outcome outcome = Outcome.UNKNOWN;
        for (int attempt = 1; attempt <= attempts && outcome == Outcome.UNKNOWN; attempt++) {
            outcome = outcome(tokens, work);
            // A refusal of a later attempt says nothing of an earlier one that is in doubt.
            if (outcome == Outcome.REFUSED && inDoubt) {
                outcome = Outcome.UNKNOWN;
                break;
            }
            inDoubt |= outcome == Outcome.UNKNOWN;
        }
        record(kind, tokens, id, outcome, new Span(from, System.nanoTime()));
        return outcome;
    }

    private void record(Kind kind, List<FencingToken> tokens, String id, Outcome outcome, Span span) {
        for (int i = 0; i < tokens.size(); i++) {
            recorder.write(new WriteFact(kind, Holder.of(tokens.get(i)), part(id, i), outcome, span));
        }
    }

    /**
     * What the guard throws from is rolled back, but for an unknown outcome: that is its promise, and so it is checked. Without it, a failure says nothing.
     */
    private Outcome outcome(List<FencingToken> tokens, Runnable work) {
        try {
            work.run();
            return Outcome.STORED;
        } catch (StaleTokenException e) {
            tokens.stream()
                    .filter(token -> token.resource().equals(e.resource()))
                    .forEach(token -> recorder.observation(new Observation.Refusal(
                            Holder.of(token), e.lastToken().value())));
            return Outcome.REFUSED;
        } catch (OutcomeUnknownException e) {
            return Outcome.UNKNOWN;
        } catch (FencepostException | JdbiException e) {
            return guarded ? Outcome.REFUSED : Outcome.UNKNOWN;
        }
    }
}
