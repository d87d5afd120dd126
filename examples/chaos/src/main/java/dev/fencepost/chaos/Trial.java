package dev.fencepost.chaos;

import dev.fencepost.chaos.check.Verdict;
import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.LeaseFact;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** One cluster, one database and a few workers, from their start to what the checks say of them. */
final class Trial implements AutoCloseable {
    /** How long everything is left alone at the end, and within which every worker has to have had a lock. */
    private static final Duration CALM = Duration.ofSeconds(4);

    /** Beyond the lease time, how long the first lock may take when everything is healed. */
    private static final Duration BOUND = Duration.ofSeconds(1);

    /** How long a control goes on before it is looked at again. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final TrialSpec spec;
    private final Random random;
    private final Path directory;
    private final RedisServers redis;
    private final PostgresServer postgres;
    private final Database database;
    private final List<Member> members = new ArrayList<>();

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
                spec.persistence() == Persistence.ALWAYS,
                links.nodeUris(),
                links.database(database),
                spec.workloads());
    }

    private Outcome run(Path report) {
        format();
        members.forEach(Member::start);
        members.forEach(Member::awaitReady);
        long begun = System.nanoTime();
        Arena arena = Arena.of(redis.nodes(), members, new Arena.StoreServer(postgres, database));
        List<Function<Random, Fault>> menu = spec.faults().stream()
                .<Function<Random, Fault>>map(kind -> chance -> kind.make(arena, chance))
                .toList();
        Nemesis nemesis = new Nemesis(random, menu);
        try (Watcher watcher = new Watcher(redis.nodes());
                Gauges gauges = new Gauges(members.get(0), redis.nodes())) {
            long end = System.nanoTime() + spec.length().toNanos();
            while (System.nanoTime() - end < 0) {
                nemesis.rageUntil(spec.isControl() ? Math.min(end, System.nanoTime() + LOOK.toNanos()) : end);
                members.forEach(Member::requireAlive);
                if (spec.isControl()
                        && verdict(nemesis.facts(), List.of(), List.of()).violations() > 0) {
                    break;
                }
            }
            arena.heal();
            long healed = System.nanoTime();
            rest(spec.isControl() ? Duration.ZERO : CALM);
            members.forEach(Member::stop);
            members.forEach(Member::close);
            List<NodeFact> seen = new ArrayList<>(watcher.facts());
            if (!spec.isControl()) {
                seen.addAll(residues());
            }
            List<Observation> noticed = new ArrayList<>(arena.noticed());
            noticed.addAll(recoveries(healed));
            History history = history(nemesis.facts(), seen, noticed);
            Outcome outcome = Outcome.of(spec, history, new Span(begun, System.nanoTime()), gauges.readings());
            if (!spec.isControl() && outcome.verdict().violations() > 0) {
                Histories.keep(directory, report.resolve("chaos-history"));
            }
            return outcome;
        }
    }

    private Verdict verdict(List<FaultFact> faults, List<NodeFact> seen, List<Observation> more) {
        return Verdict.of(history(faults, seen, more));
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

    /** The recordings first and the store after them: whatever was acknowledged in the one has to be in the other. */
    private History history(List<FaultFact> faults, List<NodeFact> seen, List<Observation> more) {
        Recordings recordings = Recordings.read(directory);
        List<Observation> observations = new ArrayList<>(recordings.observations());
        observations.addAll(more);
        return new History(
                recordings.leases(),
                recordings.writes(),
                seen,
                observations,
                new History.World(redis.nodes().size(), faults),
                database.read());
    }

    /** How long it took until somebody had a lock again, and until everybody had. */
    private List<Observation> recoveries(long healed) {
        if (spec.isControl()) {
            return List.of();
        }
        List<LeaseFact> leases = Recordings.read(directory).leases();
        List<Observation> recoveries = new ArrayList<>();
        recoveries.add(recovery("somebody", healed, leases, TrialSpec.LEASE.plus(BOUND)));
        for (Member member : members) {
            List<LeaseFact> own = leases.stream()
                    .filter(lease -> lease.worker().equals(member.name()))
                    .toList();
            recoveries.add(recovery(member.name(), healed, own, CALM));
        }
        return recoveries;
    }

    private static Observation recovery(String who, long healed, List<LeaseFact> leases, Duration bound) {
        long first = leases.stream()
                .mapToLong(lease -> lease.asked().to())
                .filter(moment -> moment >= healed)
                .min()
                .orElse(LeaseFact.NEVER);
        boolean acquired = first != LeaseFact.NEVER;
        Span span = new Span(healed, acquired ? first : System.nanoTime());
        return new Observation.Recovery(who, span, acquired, bound.toNanos());
    }

    /** What is left on the nodes when every lease has been closed or has had its time. */
    private List<NodeFact> residues() {
        long deadline = System.nanoTime() + TrialSpec.LEASE.plus(BOUND).toNanos();
        List<NodeFact> left = locksLeft();
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            rest(Duration.ofMillis(50));
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

    private static void rest(Duration length) {
        long until = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        members.forEach(Member::close);
        Histories.discard(directory);
    }
}
