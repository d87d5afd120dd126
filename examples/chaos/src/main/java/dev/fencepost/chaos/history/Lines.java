package dev.fencepost.chaos.history;

import java.util.ArrayList;
import java.util.List;

/** Facts as lines, and back. */
final class Lines {
    static final String LEASE = "lease";
    static final String WRITE = "write";

    /** How many numbers each vote is. */
    private static final int VOTE = 5;

    private Lines() {}

    static Fields of(LeaseFact fact) {
        List<Long> votes = new ArrayList<>();
        for (Vote vote : fact.votes()) {
            votes.addAll(List.of(
                    (long) vote.node(),
                    vote.grant(),
                    vote.counted() ? 1L : 0L,
                    vote.exchange().from(),
                    vote.exchange().to()));
        }
        return about(
                LEASE,
                fact.holder(),
                "worker",
                fact.worker(),
                "asked",
                numbers(fact.asked()),
                "used",
                numbers(fact.used()),
                "terms",
                List.of(
                        fact.terms().firstSend(),
                        fact.terms().ttlNanos(),
                        fact.terms().deadline(),
                        fact.terms().closing()),
                "votes",
                votes);
    }

    static Fields of(WriteFact fact) {
        return about(
                WRITE,
                fact.holder(),
                "kind",
                fact.kind().name(),
                "id",
                fact.id(),
                "outcome",
                fact.outcome().name(),
                "span",
                numbers(fact.span()));
    }

    static Fields of(Observation fact) {
        if (fact instanceof Observation.Refusal refusal) {
            return about("refusal", refusal.holder(), "last", refusal.lastToken());
        }
        if (fact instanceof Observation.Loss loss) {
            return about(
                    "loss", loss.holder(), "worker", loss.worker(), "deadline", loss.deadline(), "told", loss.told());
        }
        if (fact instanceof Observation.Unclaimed write) {
            return Fields.of("fact", "unclaimed", "id", write.id(), "stored", write.stored());
        }
        if (fact instanceof Observation.Sum sum) {
            return Fields.of("fact", "sum", "expected", sum.expected(), "actual", sum.actual());
        }
        if (fact instanceof Observation.Live live) {
            Reading reading = live.reading();
            return Fields.of("fact", "live", "worker", live.worker(), "at", reading.at(), "value", reading.value());
        }
        if (fact instanceof Observation.Recovery recovery) {
            return Fields.of(
                    "fact",
                    "recovery",
                    "who",
                    recovery.who(),
                    "span",
                    numbers(recovery.span()),
                    "acquired",
                    recovery.acquired(),
                    "bound",
                    recovery.bound());
        }
        throw new IllegalArgumentException("workers do not record " + fact);
    }

    static LeaseFact lease(Fields fields) {
        List<Long> terms = fields.numbers("terms");
        List<Long> numbers = fields.numbers("votes");
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i += VOTE) {
            votes.add(new Vote(
                    numbers.get(i).intValue(),
                    numbers.get(i + 1),
                    numbers.get(i + 2) == 1,
                    new Span(numbers.get(i + 3), numbers.get(i + 4))));
        }
        return new LeaseFact(
                fields.text("worker"),
                holder(fields),
                span(fields, "asked"),
                span(fields, "used"),
                new LeaseFact.Terms(terms.get(0), terms.get(1), terms.get(2), terms.get(3)),
                votes);
    }

    static WriteFact write(Fields fields) {
        return new WriteFact(
                WriteFact.Kind.valueOf(fields.text("kind")),
                holder(fields),
                fields.text("id"),
                WriteFact.Outcome.valueOf(fields.text("outcome")),
                span(fields, "span"));
    }

    static Observation observation(Fields fields) {
        return switch (fields.text("fact")) {
            case "refusal" -> new Observation.Refusal(holder(fields), fields.number("last"));
            case "loss" ->
                new Observation.Loss(
                        fields.text("worker"), holder(fields), fields.number("deadline"), fields.number("told"));
            case "unclaimed" -> new Observation.Unclaimed(fields.text("id"), fields.flag("stored"));
            case "sum" -> new Observation.Sum(fields.number("expected"), fields.number("actual"));
            case "live" ->
                new Observation.Live(fields.text("worker"), new Reading(fields.number("at"), fields.number("value")));
            case "recovery" ->
                new Observation.Recovery(
                        fields.text("who"), span(fields, "span"), fields.flag("acquired"), fields.number("bound"));
            default -> throw new IllegalArgumentException("no such fact: " + fields);
        };
    }

    private static Fields about(String fact, Holder holder, Object... more) {
        Fields fields = Fields.of(
                "fact", fact, "resource", holder.resource(), "token", holder.token(), "owner", holder.owner());
        fields.values().putAll(Fields.of(more).values());
        return fields;
    }

    private static Holder holder(Fields fields) {
        return new Holder(fields.text("resource"), fields.number("token"), fields.text("owner"));
    }

    private static List<Long> numbers(Span span) {
        return List.of(span.from(), span.to());
    }

    private static Span span(Fields fields, String name) {
        List<Long> numbers = fields.numbers(name);
        return new Span(numbers.get(0), numbers.get(1));
    }
}
