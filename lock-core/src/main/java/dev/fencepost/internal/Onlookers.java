package dev.fencepost.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Resources that others were seen to watch when this client released them, so that it lets them go first when it comes back. Too few of these cost nobody more than its turn. Guarded by the room. */
final class Onlookers {
    /** For so long others are taken to be still waiting that were seen to. */
    private static final Duration COURTESY = Duration.ofSeconds(1);

    private static final int MOST = 1_024;

    /** The oldest first. */
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    /**
     * What was seen of one resource.
     *
     * @param token of what was released last
     * @param others how many watched when a node last told
     */
    record Seen(long token, long others, long nanos) {}

    /** A lease is released. How many watch now is told later. */
    void releasing(String resource, long token) {
        seen.computeIfPresent(resource, (name, before) -> new Seen(token, before.others, before.nanos));
    }

    /** So many others watched when that was released, as one node says. */
    void note(String resource, long token, long others, long nowNanos) {
        Seen before = seen.remove(resource);
        long most = before != null && before.token == token ? Math.max(before.others, others) : others;
        if (most == 0) {
            return;
        }
        seen.put(resource, new Seen(token, most, nowNanos));
        if (seen.size() > MOST) {
            seen.remove(seen.keySet().iterator().next());
        }
    }

    /** Those who are to go first, if there are any. They are not remembered any more. */
    Optional<Seen> take(String resource, long nowNanos) {
        return Optional.ofNullable(seen.remove(resource)).filter(of -> nowNanos - of.nanos < COURTESY.toNanos());
    }
}
