package dev.fencepost.redis.internal;

import dev.fencepost.LockClient;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.EventSink;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.LockSettings;
import dev.fencepost.spi.QuorumLocks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/**
 * The library's client over one pipelined connection a node, whose scripts are put on the nodes as they are or as something else makes them, and whose requests are counted. In this package since
 * sessions are nobody else's business.
 */
public final class RescriptedClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** A machine that stalls is no node that is silent. */
    private static final Duration STALL = Duration.ofSeconds(5);

    private final UnaryOperator<String> rewrite;
    private final Map<Script.Loaded, Script.Loaded> rewritten = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();
    private final LockClient locks;

    private RescriptedClient(List<String> addresses, Keys keys, UnaryOperator<String> rewrite) {
        this.rewrite = rewrite;
        Wiring wiring = new Wiring(Optional.empty(), Rewriting::new);
        List<LockNode> nodes = wiring.nodes(
                addresses.stream().map(NodeAddress::parse).toList(),
                keys,
                Connecting.within(CONNECT_TIMEOUT),
                EventSink.NONE);
        LockSettings settings = new LockSettings(
                LockSettings.DEFAULT.leases(),
                LockSettings.DEFAULT.retry(),
                STALL,
                new LockSettings.Recovery(false, true));
        Environment environment = Environment.of(wiring.scheduler(), wiring.executor());
        locks = QuorumLocks.over(nodes, settings, environment, EventSink.NONE, wiring::close);
        wiring.connect(nodes.size(), CONNECT_TIMEOUT);
    }

    /** With the scripts as they are. */
    public static RescriptedClient asItIs(List<String> addresses) {
        return new RescriptedClient(addresses, new Keys("looks"), UnaryOperator.identity());
    }

    /** With scripts that do not look at the marker of their node, under names that are as long as those of the other. */
    public static RescriptedClient withoutLooking(List<String> addresses) {
        return new RescriptedClient(addresses, new Keys("blind"), WithoutLooking::of);
    }

    /** The client. Closing it frees all of this. */
    public LockClient locks() {
        return locks;
    }

    /** How many scripts nodes were told to run so far, all nodes together. */
    public long requests() {
        return requests.sum();
    }

    private Script.Loaded rewritten(Script.Loaded script) {
        return rewritten.computeIfAbsent(script, known -> {
            String text = rewrite.apply(known.text());
            return new Script.Loaded(text, Script.sha1(text));
        });
    }

    private final class Rewriting implements Session {
        private final Session direct;

        private Rewriting(Session direct) {
            this.direct = direct;
        }

        @Override
        public boolean isChoked() {
            return direct.isChoked();
        }

        @Override
        public CompletionStage<List<Object>> evalSha(Script.Loaded script, List<String> names, List<String> args) {
            requests.increment();
            return direct.evalSha(rewritten(script), names, args);
        }

        @Override
        public CompletionStage<List<Object>> eval(String script, List<String> names, List<String> args) {
            return direct.eval(rewrite.apply(script), names, args);
        }

        @Override
        public CompletionStage<String> info() {
            return direct.info();
        }

        @Override
        public CompletionStage<String> fsync() {
            return direct.fsync();
        }

        @Override
        public void end(String reason) {
            direct.end(reason);
        }

        @Override
        public void onEnd(Runnable work) {
            direct.onEnd(work);
        }
    }
}
