package dev.fencepost.bench;

import dev.fencepost.bench.measure.Load;
import dev.fencepost.bench.measure.Series;
import dev.fencepost.bench.measure.Trial;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.ways.AdvisoryWay;
import dev.fencepost.bench.ways.CuratorWay;
import dev.fencepost.bench.ways.EtcdWay;
import dev.fencepost.bench.ways.FencepostWay;
import dev.fencepost.bench.ways.HazelcastWay;
import dev.fencepost.bench.ways.PostgresWay;
import dev.fencepost.bench.ways.ShedLockWay;
import dev.fencepost.bench.ways.Way;
import dev.fencepost.servers.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Other lock services, each as its documentation says is best. */
final class Peers {
    private final Effort effort;
    private final List<String> nodes;
    private final PostgresServer postgres;

    Peers(Effort effort, List<String> nodes, PostgresServer postgres) {
        this.effort = effort;
        this.nodes = nodes;
        this.postgres = postgres;
    }

    Question compare() {
        Question question = new Question(
                "How does it compare with other lock services?",
                "Acquire and release on free resources by one thread in a closed loop; half of the calls take no longer. No Redis node,"
                        + " ZooKeeper server or Hazelcast member waits for a disk here; etcd does, and our lock on PostgreSQL. Advisory locks"
                        + " are in memory.");
        List<Way> ways = new ArrayList<>();
        try {
            ways.add(new FencepostWay(nodes));
            ways.add(new ShedLockWay(nodes.get(0)));
            ways.add(new AdvisoryWay(postgres.newDatabase()));
            ways.add(new PostgresWay(postgres.newDatabase()));
            add(ways, question, "ZooKeeper", CuratorWay::new);
            add(ways, question, "Hazelcast", HazelcastWay::new);
            EtcdWay.installed()
                    .ifPresentOrElse(
                            binary -> add(ways, question, "etcd", () -> new EtcdWay(binary)),
                            () -> leaveOut(question, "etcd", "no etcd server is installed"));
            List<Trial> trials = new ArrayList<>();
            for (Way way : ways) {
                Load.latencies(effort.slice(), way::acquireAndRelease);
                trials.add(new Trial(
                        way.title(),
                        () -> Load.latencies(effort.slice(), way::acquireAndRelease)
                                        .getValueAtPercentile(50)
                                / 1e3));
            }
            return question.bars("Acquire and release, one thread, p50", "us", Series.interleaved(3, trials));
        } finally {
            ways.forEach(Way::close);
        }
    }

    private static void add(List<Way> ways, Question question, String name, Callable<Way> start) {
        try {
            ways.add(start.call());
        } catch (Exception e) {
            leaveOut(question, name, String.valueOf(e.getMessage()));
        }
    }

    /** What is missing is said, and not passed over. */
    private static void leaveOut(Question question, String name, String why) {
        String note = name + " was not measured: " + why;
        System.out.println(note);
        question.note(note);
    }
}
