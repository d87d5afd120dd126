package dev.fencepost.redis.internal;

import dev.fencepost.spi.NodeReply.Marker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks one node, whether or not this client takes locks there, what it has of resources, and lets counters go away that nobody uses. Safe for use by many threads. */
public final class Probe {
    /** How many keys a node looks at in one step. */
    private static final String PAGE = "500";

    private final String name;
    private final Keys keys;
    private final Link link;

    Probe(String name, Keys keys, Link link) {
        this.name = name;
        this.keys = keys;
        this.link = link;
    }

    /**
     * What a node has of a resource.
     *
     * @param problem why nothing is known, for people; empty if the rest is
     * @param holder tells owners apart, and is no owner's name; empty for no lock
     * @param memory what names of owners end with that were written in the same memory of the node; see {@link #memory}
     * @param ttlMillis how long the lock lives, in milliseconds; -1 for ever
     * @param counter as it is stored; empty for none
     */
    public record Sighting(String problem, String holder, String memory, long ttlMillis, String counter) {
        private static Sighting none(String problem) {
            return new Sighting(problem, "", "", -1, "");
        }
    }

    /**
     * What came of some steps of marking counters.
     *
     * @param problem why the last one was not made, for people; empty if it was
     * @param cursor where to go on
     * @param counters how many counters were looked at
     * @param marked how many of them go away if they stay unused
     */
    public record Swept(String problem, String cursor, long counters, long marked) {
        /** Before the first step. */
        public static final Swept BEGIN = new Swept("", "0", 0, 0);

        /** Whether there is nothing further to look at; of a step, not of {@link #BEGIN}. */
        public boolean isEnd() {
            return cursor.equals("0");
        }

        /** This and one more step. */
        public Swept and(Swept next) {
            return new Swept(next.problem, next.cursor, counters + next.counters, marked + next.marked);
        }

        private static Swept none(String problem) {
            return new Swept(problem, "0", 0, 0);
        }
    }

    /** What the node is called. */
    public String name() {
        return name;
    }

    /** What the names of owners end with whose locks count on a node of this marker. */
    public static String memory(Marker marker) {
        return Footing.Life.tag(marker);
    }

    /**
     * Looks at some counters, in one atomic step, and has those go away that nobody uses for a time from now, after all counters start from where they are.
     *
     * @param cursor of the step before
     * @param process which process is ready, and is the only one that does it
     */
    public CompletableFuture<Swept> forget(String cursor, Duration unusedFor, String process, Duration timeout) {
        Footing now = link.footing();
        Session session = now.session();
        if (session == null) {
            return CompletableFuture.completedFuture(Swept.none(now.whyNot()));
        }
        List<String> args = List.of(
                keys.locks(), keys.counters(), cursor, PAGE, Long.toString(unusedFor.toMillis()), runId(process));
        return session.eval(Script.FORGET, List.of(keys.marker()), args)
                .handle((reply, failure) -> failure == null ? swept(reply) : Swept.none(Reasons.of(failure)))
                .toCompletableFuture()
                .completeOnTimeout(
                        Swept.none("no answer within " + timeout.toMillis() + " ms"),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static Swept swept(List<Object> reply) {
        List<String> words = reply.stream().map(String::valueOf).toList();
        return words.get(0).equals("SWEPT")
                ? new Swept("", words.get(1), Replies.number(words.get(2)), Replies.number(words.get(3)))
                : Swept.none("it does not take part any more");
    }

    /** Asks, and waits for the answer no longer than this. */
    public CompletableFuture<Sighting> ask(String resource, Duration timeout) {
        Footing now = link.footing();
        Session session = now.session();
        if (session == null) {
            return CompletableFuture.completedFuture(Sighting.none(now.whyNot()));
        }
        return session.eval(Script.INSPECT, List.of(keys.lock(resource), keys.counter(resource)), List.of())
                .handle((reply, failure) -> failure == null ? seen(reply) : Sighting.none(Reasons.of(failure)))
                .toCompletableFuture()
                .completeOnTimeout(
                        Sighting.none("no answer within " + timeout.toMillis() + " ms"),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static Sighting seen(List<Object> reply) {
        List<String> words = reply.stream().map(String::valueOf).toList();
        return new Sighting("", words.get(0), words.get(1), Replies.number(words.get(2)), words.get(3));
    }

    /** The {@code run_id} of a process. */
    public static String runId(String process) {
        return Info.runId(process);
    }
}
