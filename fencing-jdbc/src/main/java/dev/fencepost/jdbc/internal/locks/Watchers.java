package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.spi.LockNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/** Who in this process watches which resource. The monitor guards both maps; nobody is told anything under it. */
final class Watchers {
    /** Resources share so many channels, so that watching many of them takes few of the server's locks. */
    static final int CHANNELS = 256;

    private final Map<String, Set<LongConsumer>> watchers = new HashMap<>();
    private final Map<Integer, Integer> resources = new HashMap<>();

    /** The channel of a resource; the same in all processes. */
    static int channel(String resource) {
        return Math.floorMod(resource.hashCode(), CHANNELS);
    }

    /**
     * Adds one.
     *
     * @param onChange told a channel that is watched now and was not, or the other way round; whoever is told looks at {@link #isWatched}
     */
    LockNode.Watch watch(String resource, LongConsumer onRelease, IntConsumer onChange) {
        // An object of its own for each call, so that one watch does not end another.
        LongConsumer watcher = token -> onRelease.accept(token);
        boolean first;
        synchronized (this) {
            Set<LongConsumer> others = watchers.computeIfAbsent(resource, name -> new HashSet<>());
            first = others.isEmpty() && resources.merge(channel(resource), 1, Integer::sum) == 1;
            others.add(watcher);
        }
        if (first) {
            onChange.accept(channel(resource));
        }
        return () -> cancel(resource, watcher, onChange);
    }

    synchronized boolean isWatched(int channel) {
        return resources.containsKey(channel);
    }

    /** Tells those who watch the resource, and says whether there were any. */
    boolean announce(String resource, long token) {
        List<LongConsumer> told;
        synchronized (this) {
            told = List.copyOf(watchers.getOrDefault(resource, Set.of()));
        }
        told.forEach(watcher -> watcher.accept(token));
        return !told.isEmpty();
    }

    private void cancel(String resource, LongConsumer watcher, IntConsumer onChange) {
        boolean last;
        synchronized (this) {
            Set<LongConsumer> others = watchers.getOrDefault(resource, new HashSet<>());
            if (!others.remove(watcher) || !others.isEmpty()) {
                return;
            }
            watchers.remove(resource);
            last = resources.merge(
                            channel(resource), -1, (count, change) -> count + change == 0 ? null : count + change)
                    == null;
        }
        if (last) {
            onChange.accept(channel(resource));
        }
    }
}
