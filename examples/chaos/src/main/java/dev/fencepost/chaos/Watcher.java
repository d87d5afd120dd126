package dev.fencepost.chaos;

import dev.fencepost.chaos.history.NodeFact;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Looks at every node a few times a second, over connections of its own, on a thread for each: a stopped node holds up nobody else. */
final class Watcher implements AutoCloseable {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int HEAD = 2;
    private static final int FIELDS = 4;
    private static final String READY = "R ";
    private static final String SCRIPT = Texts.of("sample.lua");

    private final List<NodeFact> facts = new ArrayList<>();
    private final Map<Integer, NodeFact.NotReady> notReady = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /** Begins to look. */
    Watcher(List<RedisServer> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            int index = i;
            Thread thread = new Thread(() -> look(index, nodes.get(index)), "watcher of node " + index);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** What was seen so far, for each node in the order of time. */
    List<NodeFact> facts() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw new IllegalStateException("nobody watches the nodes any more", failed);
        }
        synchronized (facts) {
            return List.copyOf(facts);
        }
    }

    private void look(int index, RedisServer node) {
        try {
            while (!closed) {
                lookOnce(index, node);
                LockSupport.parkNanos(PERIOD);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void lookOnce(int index, RedisServer node) {
        long before = System.nanoTime();
        List<String> seen;
        try {
            seen = List.of(node.command("EVAL", SCRIPT, "0").split("\n", -1));
        } catch (ServerException e) {
            // It is down, or stopped, or still loading: then there is nothing to be seen.
            return;
        }
        Span span = new Span(before, System.nanoTime());
        List<NodeFact> found = new ArrayList<>();
        if (!seen.get(1).startsWith(READY)) {
            found.add(notReady.merge(index, new NodeFact.NotReady(index, seen.get(0), span), Watcher::longer));
        } else {
            notReady.remove(index);
        }
        for (int i = HEAD; i + FIELDS <= seen.size(); i += FIELDS) {
            String resource = seen.get(i);
            found.add(new NodeFact.Counter(index, seen.get(0), resource, Long.parseLong(seen.get(i + 1))));
            long left = TimeUnit.MILLISECONDS.toNanos(Math.max(0, Long.parseLong(seen.get(i + 3))));
            found.add(new NodeFact.Lock(index, seen.get(0), resource, seen.get(i + 2), span, before + left));
        }
        synchronized (facts) {
            facts.addAll(found);
        }
    }

    /** What was not ready when it was seen last, and is not now, and is the same process, was not in between. */
    private static NodeFact.NotReady longer(NodeFact.NotReady before, NodeFact.NotReady now) {
        return before.process().equals(now.process())
                ? new NodeFact.NotReady(
                        now.node(),
                        now.process(),
                        new Span(before.span().from(), now.span().to()))
                : now;
    }

    @Override
    public void close() {
        closed = true;
    }
}
