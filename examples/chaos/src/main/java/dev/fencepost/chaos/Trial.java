package dev.fencepost.chaos;

import dev.fencepost.chaos.check.Verdict;
import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.NodeFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Recordings;
import dev.fencepost.chaos.history.Span;
import dev.fencepost.chaos.nemesis.Fault;
import dev.fencepost.chaos.nemesis.Nemesis;
import dev.fencepost.chaos.work.WorkerSettings;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisOptions;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** One cluster, one database and a few workers, from their start to what the checks say of them. */
final class Trial implements AutoCloseable {
    /** How long things go wrong before everything is healed, and seen to work. */
    private static final Duration STRETCH = Duration.ofMinutes(1);

    /** How long a control goes on before it is looked at again. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final TrialSpec spec;
    private final Random random;
    private final Path directory;
    private final RedisServers redis;
    private final PostgresServer postgres;
    private final Database database;
    private final List<Member> members = new ArrayList<>();
    private final List<FaultFact> faults = new ArrayList<>();
    private final List<Observation> noticed = new ArrayList<>();
    private final List<Recoveries.Healed> healed = new ArrayList<>();

    private Trial(TrialSpec spec, long seed, RedisServers redis, PostgresServer postgres) throws IOException {
        this.spec = spec;
        this.random = new Random(seed);
        this.redis = redis;
        this.database = Database.prepare(postgres.newDatabase());
        this.directory = Files.createTempDirectory("fencepost-history-");
        this.postgres = postgres;
        for (int i = 0; i < TrialSpec.WORKERS; i++) {
            Links links = Links.before(redis, database);
            members.add(new Member(settings(i, links), links, directory));
        }
    }

    /** Runs a trial to its end. What workers recorded is kept beside the report if it should not have happened. */
    static Outcome run(TrialSpec spec, long seed, PostgresServer postgres, Path report) throws IOException {
        try (RedisServers redis = RedisServers.start(RedisOptions.nodes(TrialSpec.NODES)
                        .with(spec.persistence())
                        .withEnvironment(Clocks.environment()));
                Trial trial = new Trial(spec, seed, redis, postgres)) {
            return trial.run(report);
        }
    }

    private WorkerSettings settings(int index, Links links) {
        return new WorkerSettings(
                new WorkerSettings.Identity("worker " + index, directory, random.nextLong(), index > 0),
                spec.variant(),
                TrialSpec.LEASE,
                isVouched(),
                links.nodeUris(),
                links.database(database),
                spec.workloads());
    }

    /** Whether what nodes have on disk is all that they ever answered. */
    private boolean isVouched() {
        return spec.persistence() == Persistence.ALWAYS;
    }

    private Outcome run(Path report) {
        format();
        members.forEach(Member::start);
        members.forEach(Member::awaitReady);
        long begun = System.nanoTime();
        Arena arena = Arena.of(redis.nodes(), isVouched(), members, new Arena.StoreServer(postgres, database));
        try (Watcher watcher = new Watcher(redis.nodes());
                Gauges gauges = new Gauges(members.get(0), redis.nodes())) {
            if (spec.isControl()) {
                rageUntilSomethingIsWrong(arena);
            } else {
                endure(arena);
                members.forEach(Member::stop);
            }
            gauges.stop();
            members.forEach(Member::close);
            noticed.addAll(arena.noticed());
            return judge(watcher.facts(), gauges, begun, report);
        }
    }

    /** Whatever is to be endured, with a time of calm after each stretch of faults. */
    private void endure(Arena arena) {
        Nemesis nemesis = nemesis(arena);
        Turns turns = new Turns(arena, spec.length());
        long end = System.nanoTime() + spec.length().toNanos();
        while (System.nanoTime() - end < 0) {
            long until = Math.min(end, System.nanoTime() + STRETCH.toNanos());
            if (spec.isInTurns()) {
                noticed.addAll(turns.takeUntil(until));
                members.forEach(Member::requireAlive);
            } else {
                nemesis.rageUntil(until);
                members.forEach(Member::requireAlive);
                healed.add(arena.heal());
                Rest.of(Recoveries.CALM);
            }
        }
        faults.addAll(nemesis.facts());
    }

    /** What an operator does once, before the first client connects. */
    private void format() {
        String[] uris = new String[redis.nodes().size()];
        for (int i = 0; i < uris.length; i++) {
            uris[i] = Links.named(redis.node(i).uri(), i);
        }
        RedisLocks.builder()
                .addresses(uris)
                .lease(TrialSpec.LEASE)
                .maxLease(TrialSpec.LEASE)
                .format();
    }

    private void rageUntilSomethingIsWrong(Arena arena) {
        Nemesis nemesis = nemesis(arena);
        long end = System.nanoTime() + spec.length().toNanos();
        boolean wrong = false;
        while (!wrong && System.nanoTime() - end < 0) {
            nemesis.rageUntil(Math.min(end, System.nanoTime() + LOOK.toNanos()));
            members.forEach(Member::requireAlive);
            Recordings recordings = Recordings.read(directory);
            wrong = Verdict.of(history(recordings, nemesis.facts(), List.of(), recordings.observations()))
                            .violations(spec.judged())
                    > 0;
        }
        faults.addAll(nemesis.facts());
    }

    private Nemesis nemesis(Arena arena) {
        return new Nemesis(
                random,
                spec.kinds().stream()
                        .<Function<Random, Fault>>map(kind -> chance -> kind.make(arena, chance))
                        .toList());
    }

    private Outcome judge(List<NodeFact> watched, Gauges gauges, long begun, Path report) {
        List<NodeFact> seen = new ArrayList<>(watched);
        Recordings recordings = Recordings.read(directory);
        var readings = gauges.readings(recordings.observations());
        List<Observation> observations = new ArrayList<>(recordings.observations());
        observations.addAll(noticed);
        if (!spec.isControl()) {
            seen.addAll(residues());
            observations.addAll(Gauges.observations(readings));
            observations.addAll(Recoveries.of(
                    healed,
                    recordings.leases(),
                    members.stream().map(Member::name).toList()));
        }
        History history = history(recordings, faults, seen, observations);
        Outcome outcome = Outcome.of(spec, history, new Span(begun, System.nanoTime()), readings);
        if (!spec.isControl() && outcome.violations() > 0) {
            Histories.keep(directory, report.resolve("chaos-history"));
        }
        return outcome;
    }

    /** What was recorded was read first, and the store is read now: whatever was acknowledged in the one has to be in the other. */
    private History history(
            Recordings recordings, List<FaultFact> faults, List<NodeFact> seen, List<Observation> observations) {
        return new History(
                recordings.leases(),
                recordings.writes(),
                seen,
                observations,
                new History.World(redis.nodes().size(), faults),
                database.read());
    }

    /** What is left on the nodes when every lease has been closed or has had its time. */
    private List<NodeFact> residues() {
        long deadline = System.nanoTime() + Recoveries.FIRST.toNanos();
        List<NodeFact> left = locksLeft();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            Rest.of(Duration.ofMillis(50));
            left = locksLeft();
        }
        return left;
    }

    private List<NodeFact> locksLeft() {
        List<NodeFact> left = new ArrayList<>();
        for (int i = 0; i < redis.nodes().size(); i++) {
            RedisServer node = redis.node(i);
            int index = i;
            node.command("KEYS", "fencepost:lock:*")
                    .lines()
                    .filter(key -> !key.isEmpty())
                    .forEach(key -> left.add(new NodeFact.Residue(index, key)));
        }
        return left;
    }

    @Override
    public void close() {
        members.forEach(Member::close);
        Histories.discard(directory);
    }
}
