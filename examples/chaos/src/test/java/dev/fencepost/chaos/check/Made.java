package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.Handicap;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.Holder;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.NodeFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Reading;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.history.Store;
import dev.fencepost.chaos.history.Vote;
import dev.fencepost.chaos.history.WriteFact;
import dev.fencepost.chaos.history.WriteFact.Kind;
import dev.fencepost.chaos.history.WriteFact.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** A history made by hand: one resource, three nodes, times in milliseconds. */
final class Made {
    static final String RESOURCE = "r";

    private static final long MILLI = 1_000_000;
    private static final long TTL = 1_000 * MILLI;

    private final List<LeaseFact> leases = new ArrayList<>();
    private final List<WriteFact> writes = new ArrayList<>();
    private final List<NodeFact> nodes = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final List<FaultFact> faults = new ArrayList<>();
    private final List<Store.Row> audit = new ArrayList<>();
    private final Map<String, Holder> fence = new HashMap<>();
    private final List<String> effects = new ArrayList<>();
    private final Map<String, Long> charges = new HashMap<>();

    static Made history() {
        return new Made();
    }

    /** One gauge that may grow by five, read every minute. */
    static Made gauged(int minutes, IntToLongFunction value) {
        List<Reading> readings = IntStream.range(0, minutes)
                .mapToObj(minute -> new Reading(nanos(60_000L * minute), value.applyAsLong(minute)))
                .toList();
        return history().noticed(new Observation.Gauged("threads", 5, readings));
    }

    /** Ten locks in turns of a second each, had within a millisecond while nothing is wrong, and otherwise within so many. */
    static Made inTurns(long millisWhenBad) {
        Made made = history();
        long begin = 0;
        for (Handicap handicap : Handicap.values()) {
            made.noticed(new Observation.Turn(0, handicap, millis(begin, begin + 999)));
            for (long asked = begin; asked < begin + 990; asked += 99) {
                long had = asked + (handicap == Handicap.NONE ? 1 : millisWhenBad);
                made.lease(asked + 1, asked, had, had);
            }
            begin += 1_000;
        }
        return made;
    }

    static Span millis(long from, long to) {
        return new Span(from * MILLI, to * MILLI);
    }

    static long nanos(long millis) {
        return millis * MILLI;
    }

    /** The owner of a token is named after it. */
    static Holder holder(long token) {
        return new Holder(RESOURCE, token, "owner-" + token);
    }

    static Vote vote(int node, long grant, boolean counted) {
        return new Vote(node, grant, counted, millis(0, 10));
    }

    /** Asked for from one moment to another, and held from then until a third. */
    Made lease(long token, long from, long to, long heldUntil, Vote... votes) {
        return lease(holder(token), millis(from, to), millis(to, heldUntil), votes);
    }

    Made lease(Holder holder, Span asked, Span used, Vote... votes) {
        LeaseFact.Terms terms = new LeaseFact.Terms(LeaseFact.UNSEEN, TTL, 0, LeaseFact.NEVER);
        leases.add(new LeaseFact("worker 0", holder, asked, used, terms, List.of(votes)));
        return this;
    }

    Made promise(long token, long firstSend, long deadline) {
        LeaseFact.Terms terms = new LeaseFact.Terms(firstSend * MILLI, TTL, deadline * MILLI, LeaseFact.NEVER);
        Span asked = millis(firstSend, firstSend + 1);
        leases.add(new LeaseFact("worker 0", holder(token), asked, asked, terms, List.of()));
        return this;
    }

    Made write(String id, long token, Outcome outcome) {
        writes.add(new WriteFact(Kind.ADD, holder(token), id, outcome, millis(0, 10)));
        return this;
    }

    /** In the audit, with its effect if there is one, and in the fence. */
    Made committed(String id, long token, boolean effect) {
        audit.add(new Store.Row(holder(token), id));
        fence.put(RESOURCE, holder(token));
        if (effect) {
            effects.add(id);
        }
        return this;
    }

    Made fence(long token) {
        fence.put(RESOURCE, holder(token));
        return this;
    }

    Made effect(String id) {
        effects.add(id);
        return this;
    }

    Made charged(String invoice, long times) {
        charges.put(invoice, times);
        return this;
    }

    Made seen(NodeFact fact) {
        nodes.add(fact);
        return this;
    }

    Made noticed(Observation observation) {
        observations.add(observation);
        return this;
    }

    Made fault(String kind, String target, long from, long to) {
        faults.add(new FaultFact(kind, target, millis(from, to)));
        return this;
    }

    History done() {
        return new History(
                leases,
                writes,
                nodes,
                observations,
                new History.World(3, faults),
                new Store(audit, fence, effects, charges));
    }
}
