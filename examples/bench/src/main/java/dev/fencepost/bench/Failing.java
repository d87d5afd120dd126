package dev.fencepost.bench;

import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Bars;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.Way;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What an acquisition takes while some of the nodes are in trouble. */
final class Failing {
    private static final int THREADS = 4;
    private static final double PER_SECOND = 400;
    private static final Duration SLOW = Duration.ofMillis(100);
    /** What it takes until trouble is under way, and until it is over: connections are made again within a second. */
    private static final Duration SETTLING = Duration.ofMillis(200);

    private final Effort effort;
    private final Map<String, List<Double>> measured = new LinkedHashMap<>();

    Failing(Effort effort) {
        this.effort = effort;
    }

    Question trouble() {
        Question question = new Question(
                "What does an acquisition take while nodes are in trouble?",
                "Acquisitions at " + (int) PER_SECOND
                        + " a second, whether or not those before have ended, each counted from when it was to"
                        + " begin. Two of five nodes killed (SIGKILL), hung (SIGSTOP), behind a network that swallows all"
                        + " packets; then one of five that answers " + SLOW.toMillis()
                        + " ms late. In turns with rounds in which all is well.");
        for (int round = 0; round < effort.fewRounds(); round++) {
            try (Troubled nodes = new Troubled()) {
                Histogram well = measure(nodes);
                note("all up", well, well);
                nodes.hang(true);
                note("2 of 5 hung", measure(nodes), well);
                nodes.hang(false);
                Histogram wellAgain = measure(nodes);
                nodes.drop(true);
                note("2 of 5 dropping packets", measure(nodes), wellAgain);
                nodes.drop(false);
                wellAgain = measure(nodes);
                nodes.slow(SLOW);
                note("1 of 5 slow", measure(nodes), wellAgain);
                nodes.slow(Duration.ZERO);
                wellAgain = measure(nodes);
                nodes.kill();
                note("2 of 5 killed", measure(nodes), wellAgain);
            }
        }
        Bars half = new Bars("Acquire, p50", "us");
        Bars most = new Bars("Acquire, p99", "us");
        for (String state :
                List.of("all up", "2 of 5 killed", "2 of 5 hung", "2 of 5 dropping packets", "1 of 5 slow")) {
            half.bar(state, spread(state + ", p50"));
            most.bar(state, spread(state + ", p99"));
            question.figure(state + ", p50", spread(state + ", p50"), "us");
            question.figure(state + ", p99", spread(state + ", p99"), "us");
        }
        return question.chart(half.svg()).chart(most.svg()).row(down()).row(slow());
    }

    private Row down() {
        List<Part> parts = new ArrayList<>();
        Map<String, String> states = new LinkedHashMap<>();
        states.put("killed", "2 of 5 killed");
        states.put("hung", "2 of 5 hung");
        states.put("dropping", "2 of 5 dropping packets");
        states.forEach((id, state) -> parts.add(
                Part.atMost("failing." + id, state + ", p99 to p99 of all up", spread(state + ", p99 ratio"), 1.5)));
        return new Row("acquire with 2 of 5 nodes killed / hung / dropping packets, p99", parts);
    }

    private Row slow() {
        return Row.of(
                "one node 100 ms slow: p50 and p99",
                Part.atMost("failing.slow.p50", "p50 to p50 of all fast", spread("1 of 5 slow, p50 ratio"), 1.1),
                Part.atMost("failing.slow.p99", "p99 to p99 of all fast", spread("1 of 5 slow, p99 ratio"), 1.1));
    }

    private Histogram measure(Troubled nodes) {
        Load.openLoop(THREADS, PER_SECOND, SETTLING, nodes.way::acquireAndRelease);
        return Load.openLoop(THREADS, PER_SECOND, effort.slice().multipliedBy(2), nodes.way::acquireAndRelease);
    }

    private void note(String state, Histogram troubled, Histogram well) {
        for (double percentile : new double[] {50, 99}) {
            double micros = troubled.getValueAtPercentile(percentile) / 1e3;
            String of = state + ", p" + (int) percentile;
            list(of).add(micros);
            list(of + " ratio").add(micros * 1e3 / well.getValueAtPercentile(percentile));
        }
    }

    private List<Double> list(String of) {
        return measured.computeIfAbsent(of, name -> new ArrayList<>());
    }

    private Spread spread(String of) {
        return Spread.of(list(of));
    }

    /** Five nodes, of which the last two are reached over ways that can be made bad, and a client. */
    private static final class Troubled implements AutoCloseable {
        private static final int NODES = 5;
        private static final int BAD = 2;

        private final RedisServers servers = RedisServers.start(NODES);
        private final List<SwitchProxy> proxies = new ArrayList<>();
        private final Way way;

        Troubled() {
            List<String> uris = new ArrayList<>();
            for (RedisServer node : servers.nodes()) {
                if (uris.size() < NODES - BAD) {
                    uris.add(node.uri());
                } else {
                    SwitchProxy proxy = new SwitchProxy(node.port());
                    proxies.add(proxy);
                    uris.add(proxy.uri());
                }
            }
            way = new FencepostWay(uris);
        }

        private List<RedisServer> bad() {
            return servers.nodes().subList(NODES - BAD, NODES);
        }

        void kill() {
            bad().forEach(RedisServer::kill);
        }

        void hang(boolean on) {
            bad().forEach(on ? RedisServer::pause : RedisServer::resume);
        }

        void drop(boolean on) {
            proxies.forEach(proxy -> proxy.swallow(on));
        }

        void slow(Duration delay) {
            proxies.get(0).delay(delay);
        }

        @Override
        public void close() {
            way.close();
            proxies.forEach(SwitchProxy::close);
            servers.close();
        }
    }
}
