package dev.fencepost.examples.billing;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of what a worker process says.
 *
 * @param kind what happened
 * @param at when, by the clock of the machine
 * @param facts what goes with the kind
 */
public record WorkerEvent(Kind kind, Instant at, JsonFields facts) {
    /** What can happen to a worker. */
    public enum Kind {
        /** It is connected and takes commands. */
        READY,
        /** It holds a customer: {@code token}, {@code remainingMicros}. */
        ACQUIRED,
        /** It has read the invoices and is about to write: {@code invoices}, {@code cents}. */
        ABOUT_TO_WRITE,
        /** Its charges are committed: {@code token}, {@code invoices}, {@code cents}. */
        CHARGED,
        /** The guard refused it: {@code token}, {@code lastToken}, {@code message}. */
        REFUSED,
        /** Somebody else held the customer: {@code times}. */
        BUSY,
        /** Too few Redis nodes answered: {@code message}, {@code reasons}. */
        QUORUM_GONE,
        /** Anything else that kept it from charging: {@code message}. */
        FAILED,
        /** The command is over, however it ended. */
        DONE
    }

    /** Something that happens now. */
    public static WorkerEvent now(Kind kind, Map<String, Object> facts) {
        return new WorkerEvent(kind, Instant.now(), new JsonFields(facts));
    }

    /** One line of JSON. */
    public String toLine() throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", kind.name());
        fields.put("atMicros", ChronoUnit.MICROS.between(Instant.EPOCH, at));
        fields.putAll(facts.values());
        return new JsonFields(fields).toLine();
    }

    /** Reads a line back. */
    public static WorkerEvent parse(String line) throws IOException {
        JsonFields fields = JsonFields.parse(line);
        Instant at = Instant.EPOCH.plus(fields.number("atMicros"), ChronoUnit.MICROS);
        return new WorkerEvent(Kind.valueOf(fields.text("event")), at, fields);
    }
}
