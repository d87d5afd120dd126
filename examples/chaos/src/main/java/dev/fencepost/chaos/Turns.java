package dev.fencepost.chaos;

import dev.fencepost.chaos.history.Handicap;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.nemesis.Proxy;
import dev.fencepost.servers.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One node is down for a while, or slow, or nothing is wrong, in turns: round after round, every second one in reverse, each on another node. What is
 * noted is the time in which it had been so for a moment already.
 */
final class Turns {
    /** How long a turn is that gives a percentile that means something on a busy machine, where there is time for it. */
    private static final Duration LONG = Duration.ofSeconds(4);

    private static final Duration SHORT = Duration.ofMillis(800);
    private static final Duration SETTLING = Duration.ofMillis(600);

    /** What processes that have just begun to work are given before the first turn. */
    private static final Duration WARMING_UP = Duration.ofSeconds(2);

    /** Where so much time is given, turns are long. */
    private static final Duration MUCH = Duration.ofMinutes(2);

    /** In each direction, and so a slow node answers a tenth of a second late. */
    private static final long DELAY_MILLIS = 50;

    private final Arena arena;
    private final Duration turn;
    private final List<Handicap> order = new ArrayList<>(List.of(Handicap.values()));
    private int rounds;

    Turns(Arena arena, Duration length) {
        this.arena = arena;
        this.turn = length.compareTo(MUCH) < 0 ? SHORT : LONG;
    }

    /** Whole rounds, until then. */
    List<Observation> takeUntil(long nanoTime) {
        List<Observation> turns = new ArrayList<>();
        Rest.of(rounds == 0 ? WARMING_UP : Duration.ZERO);
        while (System.nanoTime() - nanoTime < 0) {
            for (Handicap handicap : order) {
                turns.add(new Observation.Turn(
                        rounds, handicap, take(handicap, rounds % arena.nodes().size())));
            }
            Collections.reverse(order);
            rounds++;
        }
        return turns;
    }

    private Span take(Handicap handicap, int index) {
        RedisServer node = arena.nodes().get(index);
        List<Proxy> ways = arena.members().stream()
                .map(member -> member.links().nodes().get(index))
                .toList();
        switch (handicap) {
            case NONE -> {}
            case ONE_DOWN -> node.kill();
            case ONE_SLOW ->
                ways.forEach(way -> {
                    way.requests().delay(DELAY_MILLIS);
                    way.replies().delay(DELAY_MILLIS);
                });
        }
        Rest.of(SETTLING);
        long from = System.nanoTime();
        Rest.of(turn);
        Span span = new Span(from, System.nanoTime());
        switch (handicap) {
            case NONE -> {}
            case ONE_DOWN -> node.restart();
            case ONE_SLOW -> ways.forEach(Proxy::clear);
        }
        return span;
    }
}
