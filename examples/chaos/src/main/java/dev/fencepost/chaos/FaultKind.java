package dev.fencepost.chaos;

import dev.fencepost.chaos.nemesis.Fault;
import dev.fencepost.chaos.nemesis.Proxy;
import dev.fencepost.chaos.work.Point;
import dev.fencepost.servers.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What can go wrong, and how it is made to. */
enum FaultKind {
    /** Nodes are killed, and come back with what they have on disk. Any number, where disks are vouched for; otherwise that is to forget. */
    KILL_NODES {
        @Override
        Fault make(Arena arena, Random random) {
            List<RedisServer> nodes = Chance.some(arena.nodes(), random);
            List<RedisServer> killed = new ArrayList<>();
            return faultIf(
                    Names.of(arena, nodes),
                    () -> killed.addAll(arena.memories().kill(nodes)),
                    () -> killed.forEach(RedisServer::restart));
        }
    },
    /** Nodes are killed and lose what they have on disk: never more than a minority before the others have brought them back. */
    WIPE_NODES {
        @Override
        Fault make(Arena arena, Random random) {
            List<RedisServer> nodes = Chance.some(arena.nodes(), random);
            List<RedisServer> wiped = new ArrayList<>();
            return faultIf(
                    Names.of(arena, nodes),
                    () -> wiped.addAll(arena.memories().wipe(nodes)),
                    () -> wiped.forEach(RedisServer::restart));
        }
    },
    /** The disk of a node is put back to what it was a while before, as from a snapshot. */
    RESTORE_SNAPSHOT {
        @Override
        Fault make(Arena arena, Random random) {
            RedisServer node = Chance.one(arena.nodes(), random);
            List<Path> snapshots = new ArrayList<>();
            return faultIf(
                    Names.of(arena, List.of(node)),
                    () -> arena.memories().snapshot(node).map(snapshots::add).isPresent(),
                    () -> snapshots.forEach(snapshot -> arena.memories().restore(node, snapshot)));
        }
    },
    /** Nodes are stopped, and go on with what they received meanwhile. */
    PAUSE_NODES {
        @Override
        Fault make(Arena arena, Random random) {
            List<RedisServer> nodes = Chance.some(arena.nodes(), random);
            return faultIf(
                    Names.of(arena, nodes),
                    () -> Deeds.toRunning(nodes, RedisServer::pause),
                    () -> Deeds.toRunning(nodes, RedisServer::resume));
        }
    },
    /** Nodes forget the scripts, as an operator can make them. */
    FLUSH_SCRIPTS {
        @Override
        Fault make(Arena arena, Random random) {
            List<RedisServer> nodes = Chance.some(arena.nodes(), random);
            return faultIf(Names.of(arena, nodes), () -> Deeds.toSome(nodes, Deeds::flushScripts), () -> {});
        }
    },
    /** The time of day of nodes jumps forward by up to three minutes: every lock there ends at once. */
    CLOCK_JUMP {
        @Override
        Fault make(Arena arena, Random random) {
            List<RedisServer> nodes = Chance.some(arena.nodes(), random);
            long millis = random.nextLong(LONGEST_JUMP) + 1;
            return fault(
                    Names.of(arena, nodes), () -> nodes.forEach(node -> Deeds.jump(arena, node, millis)), () -> {});
        }
    },
    /**
     * The time of day of the first node jumps back by up to three minutes: every lock there lives that much longer, if nobody releases it. It is
     * always the same node: if locks lived for minutes on a majority, there would be nothing to see for minutes.
     */
    CLOCK_JUMP_BACK {
        @Override
        Fault make(Arena arena, Random random) {
            RedisServer node = arena.nodes().get(0);
            long millis = random.nextLong(LONGEST_JUMP) + 1;
            return fault(Names.of(arena, List.of(node)), () -> Deeds.jump(arena, node, -millis), () -> {});
        }
    },
    /** A worker is killed, and another one takes its place. The first one is spared, so that there is one that lives long. */
    KILL_WORKER {
        @Override
        Fault make(Arena arena, Random random) {
            Member member =
                    Chance.one(arena.members().subList(1, arena.members().size()), random);
            return faultIf(member.name(), member::kill, member::startUnlessRunning);
        }
    },
    /** Workers are stopped, wherever they are. */
    PAUSE_WORKERS {
        @Override
        Fault make(Arena arena, Random random) {
            List<Member> members = Chance.some(arena.members(), random);
            return faultIf(
                    Names.of(members),
                    () -> Deeds.toSome(members, Member::pause),
                    () -> members.forEach(Member::resume));
        }
    },
    /** A worker is stopped at a place between two steps. */
    PAUSE_AT_POINT {
        @Override
        Fault make(Arena arena, Random random) {
            Member member = Chance.one(arena.members(), random);
            return Pauses.at(Chance.one(List.of(Point.values()), random), member, Duration.ZERO);
        }
    },
    /** A worker is stopped when it has read what it is going to change, for longer than its lease. */
    PAUSE_OVER_A_CHANGE {
        @Override
        Fault make(Arena arena, Random random) {
            Member member = Chance.one(arena.members(), random);
            return Pauses.at(Point.BETWEEN_READ_AND_WRITE, member, TrialSpec.LEASE.multipliedBy(2));
        }
    },
    /** What goes between clients and nodes comes late, in both directions. */
    DELAY {
        @Override
        Fault make(Arena arena, Random random) {
            long millis = 5L + random.nextInt(200);
            return network(arena, random, proxy -> {
                proxy.requests().delay(millis);
                proxy.replies().delay(millis);
            });
        }
    },
    /** Nothing goes between clients and nodes; what was sent arrives when it is over. */
    DROP {
        @Override
        Fault make(Arena arena, Random random) {
            return network(arena, random, proxy -> {
                proxy.requests().hold();
                proxy.replies().hold();
            });
        }
    },
    /** Requests come through, and no replies do; or the other way round. */
    ONE_WAY {
        @Override
        Fault make(Arena arena, Random random) {
            boolean requests = random.nextBoolean();
            return network(arena, random, proxy -> (requests ? proxy.requests() : proxy.replies()).hold());
        }
    },
    /** Connections are broken off. */
    RESET {
        @Override
        Fault make(Arena arena, Random random) {
            return network(arena, random, Proxy::reset);
        }
    },
    /** Connections are broken off after a request has had its effect, and before its reply is there. */
    CUT_REPLIES {
        @Override
        Fault make(Arena arena, Random random) {
            int oneIn = 1 + random.nextInt(20);
            return network(arena, random, proxy -> proxy.replies().cut(oneIn));
        }
    },
    /** The same between clients and the database: a commit is done, and nobody is told. */
    CUT_STORE_REPLIES {
        @Override
        Fault make(Arena arena, Random random) {
            int oneIn = 2 + random.nextInt(20);
            return store(arena, random, proxy -> proxy.replies().cut(oneIn));
        }
    },
    /** Nothing goes between clients and the database. */
    DROP_STORE {
        @Override
        Fault make(Arena arena, Random random) {
            return store(arena, random, proxy -> {
                proxy.requests().hold();
                proxy.replies().hold();
            });
        }
    },
    /** Sessions of the database are ended by an administrator. */
    TERMINATE_SESSIONS {
        @Override
        Fault make(Arena arena, Random random) {
            return faultIf("half of the sessions", () -> Deeds.terminate(arena), () -> {});
        }
    },
    /** The database crashes, and recovers from its log. */
    STOP_STORE {
        @Override
        Fault make(Arena arena, Random random) {
            return faultIf("the database", () -> Deeds.stop(arena), () -> {});
        }
    },
    /** Locks end before their time, again and again, as they do on nodes whose clocks jump. For controls. */
    STORM_OF_EXPIRIES {
        @Override
        Fault make(Arena arena, Random random) {
            Storm storm = new Storm(arena.nodes(), "fencepost:lock:*", random.nextLong());
            return fault("all nodes", storm::begin, storm::end);
        }
    },
    /** Nodes forget every lock and counter, again and again, and go on as if nothing were. For controls. */
    STORM_OF_WIPES {
        @Override
        Fault make(Arena arena, Random random) {
            Storm storm = new Storm(arena.nodes(), "fencepost:[lt]o*", random.nextLong());
            return fault("all nodes", storm::begin, storm::end);
        }
    },
    /** The time of day of a worker is set back. For controls. */
    SET_WORKER_CLOCK_BACK {
        @Override
        Fault make(Arena arena, Random random) {
            Member member = Chance.one(arena.members(), random);
            long millis = TrialSpec.LEASE.toMillis() * 2;
            return fault(member.name(), () -> member.setClock(-millis), () -> {});
        }
    };

    /** What the product is exposed to; the others would show nothing but that. */
    static Set<FaultKind> forTheProduct() {
        Set<FaultKind> kinds =
                EnumSet.complementOf(EnumSet.of(STORM_OF_EXPIRIES, STORM_OF_WIPES, SET_WORKER_CLOCK_BACK));
        if (!Clocks.canJump()) {
            kinds.removeAll(EnumSet.of(CLOCK_JUMP, CLOCK_JUMP_BACK));
        }
        return kinds;
    }

    private static final long LONGEST_JUMP = Duration.ofMinutes(3).toMillis();

    /** Makes one such fault, on whatever it chooses. */
    abstract Fault make(Arena arena, Random random);

    /** What such faults are called in the report. */
    List<String> titles() {
        return switch (this) {
            case PAUSE_AT_POINT -> Stream.of(Point.values()).map(Pauses::title).toList();
            case PAUSE_OVER_A_CHANGE -> List.of(Pauses.title(Point.BETWEEN_READ_AND_WRITE));
            default -> List.of(Names.of(this));
        };
    }

    /** What always hits something. */
    Fault fault(String target, Runnable begin, Runnable end) {
        return faultIf(
                target,
                () -> {
                    begin.run();
                    return true;
                },
                end);
    }

    /** What may find nothing to hit. */
    Fault faultIf(String target, BooleanSupplier begin, Runnable end) {
        AtomicBoolean hit = new AtomicBoolean();
        return new Fault(Names.of(this), target, Duration.ZERO, () -> hit.set(begin.getAsBoolean()), () -> {
            end.run();
            return hit.get();
        });
    }

    /** On the ways between some clients and some nodes. */
    Fault network(Arena arena, Random random, Consumer<Proxy> worsen) {
        List<RedisServer> nodes = Chance.some(arena.nodes(), random);
        List<Member> members = random.nextBoolean() ? arena.members() : Chance.some(arena.members(), random);
        List<Proxy> proxies = members.stream()
                .flatMap(member -> nodes.stream()
                        .map(node -> member.links().nodes().get(arena.nodes().indexOf(node))))
                .toList();
        return new Ways(proxies, worsen).fault(Names.of(this), Names.of(members) + " to " + Names.of(arena, nodes));
    }

    /** On the ways between some clients and the database. */
    Fault store(Arena arena, Random random, Consumer<Proxy> worsen) {
        List<Member> members = Chance.some(arena.members(), random);
        List<Proxy> proxies =
                members.stream().map(member -> member.links().store()).toList();
        return new Ways(proxies, worsen).fault(Names.of(this), Names.of(members) + " to the database");
    }
}
