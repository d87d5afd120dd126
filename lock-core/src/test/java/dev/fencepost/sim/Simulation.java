package dev.fencepost.sim;

import dev.fencepost.LockClient;
import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.QuorumLocks;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The production client, unchanged, in a world in which one seed decides everything. */
final class Simulation {
    private static final long MOST_EVENTS = 400_000;

    private final Scenario scenario;
    private final Optional<Consumer<String>> trace;
    private final EventLoop loop = new EventLoop();
    private final SplittableRandom random;
    private final Monitor monitor;
    private final Network network = new Network(this);
    private final List<NodeHost> hosts = new ArrayList<>();
    private final List<ClientProcess> processes = new ArrayList<>();
    private final List<RemoteNode> links = new ArrayList<>();
    private final List<LockClient> clients = new ArrayList<>();
    private final Store store;
    private final Map<String, BitSet> acknowledged = new HashMap<>();
    private int elements;
    private long digest;

    /**
     * How a run went.
     *
     * @param inherited how many of the acquisitions took over what another had held
     * @param digest the same for two runs in which the same happened
     */
    record Summary(long events, long acquisitions, long inherited, long digest) {}

    private Simulation(Scenario scenario, Optional<Consumer<String>> trace) {
        this.scenario = scenario;
        this.trace = trace;
        this.random = new SplittableRandom(scenario.seed() * 0x9E3779B97F4A7C15L);
        this.monitor = new Monitor(this);
        this.store = scenario.mutant().store();
        for (int i = 0; i < scenario.shape().nodes(); i++) {
            hosts.add(new NodeHost(this, i));
        }
        for (int i = 0; i < scenario.shape().processes(); i++) {
            addProcess(i);
        }
    }

    /**
     * Runs it to its end.
     *
     * @throws Violation as soon as something does not hold
     */
    static Summary run(Scenario scenario) {
        return new Simulation(scenario, Optional.empty()).toTheEnd();
    }

    /** The same, and tells what happens. */
    static Summary run(Scenario scenario, Consumer<String> trace) {
        return new Simulation(scenario, Optional.of(trace)).toTheEnd();
    }

    private Summary toTheEnd() {
        Nemesis nemesis = new Nemesis(this);
        nemesis.start();
        for (int i = 0; i < processes.size(); i++) {
            for (int j = 0; j < scenario.shape().usersEach(); j++) {
                new User(this, processes.get(i), clients.get(i)).goOn();
            }
        }
        loop.at(Timing.HEALED, () -> {
            nemesis.heal();
            everybodyTakesEverything();
        });
        // Whatever has been sent by then has arrived.
        loop.at(Timing.HEALED + Timing.LATEST, () -> new Operator(this).finish());
        loop.at(Timing.HEALED + 2 * Timing.BOUND, this::checkNothingIsLeft);
        while (loop.step()) {
            monitor.violation().ifPresent(violation -> {
                throw violation;
            });
            if (loop.done() > MOST_EVENTS) {
                throw new Violation(Invariant.LIVENESS, "it does not come to rest");
            }
        }
        return new Summary(loop.done(), monitor.acquisitions(), monitor.inherited(), digest);
    }

    private void everybodyTakesEverything() {
        for (int i = 0; i < processes.size(); i++) {
            User user = new User(this, processes.get(i), clients.get(i));
            for (int j = 0; j < scenario.shape().resources(); j++) {
                String resource = "r" + j;
                processes.get(i).at(loop.now(), () -> user.take(resource));
            }
        }
    }

    private void checkNothingIsLeft() {
        monitor.checkEnd();
        for (NodeHost host : hosts) {
            for (int j = 0; j < scenario.shape().resources(); j++) {
                host.server()
                        .lock("r" + j)
                        .ifPresent(lock -> monitor.fail(Invariant.NOTHING_LEFT, host.name() + " still has " + lock));
            }
            if (host.server().hasSubscribers()) {
                monitor.fail(Invariant.NOTHING_LEFT, host.name() + " still has watchers");
            }
        }
    }

    private void addProcess(int number) {
        ClientProcess[] made = new ClientProcess[1];
        ClientProcess process = new ClientProcess(this, number, () -> monitor.check(made[0]));
        made[0] = process;
        processes.add(process);
        GrantsSeen seen = new GrantsSeen(hosts.size());
        List<LockNode> nodes = new ArrayList<>();
        for (NodeHost host : hosts) {
            RemoteNode link = new RemoteNode(this, process, host);
            links.add(link);
            nodes.add(scenario.mutant().node(link, seen));
        }
        Environment environment =
                new Environment(scenario.mutant().clock(process), process::schedule, process::execute, random, random);
        int members = scenario.members();
        LockClient client = QuorumLocks.over(
                new QuorumLocks.Nodes(nodes.subList(0, members), nodes.subList(members, nodes.size())),
                Timing.settings(scenario.shape(), number),
                environment,
                event -> monitor.on(process, process.undisturbed(event)),
                () -> {});
        clients.add(scenario.mutant().client(client));
        links.stream().filter(link -> link.isOf(process)).forEach(link -> process.at(network.delay(), link::connect));
    }

    Scenario scenario() {
        return scenario;
    }

    EventLoop loop() {
        return loop;
    }

    SplittableRandom random() {
        return random;
    }

    Monitor monitor() {
        return monitor;
    }

    Network network() {
        return network;
    }

    Store store() {
        return store;
    }

    List<NodeHost> hosts() {
        return hosts;
    }

    List<ClientProcess> processes() {
        return processes;
    }

    List<RemoteNode> links() {
        return links;
    }

    List<RemoteNode> linksTo(NodeHost host) {
        return links.stream().filter(link -> link.isTo(host)).toList();
    }

    /** Whether this goes wrong, at this time. */
    boolean has(Fault fault) {
        return !isHealed() && scenario.faults().contains(fault);
    }

    boolean isHealed() {
        return loop.now() >= Timing.HEALED;
    }

    /** Any resource. */
    String resource() {
        return "r" + random.nextInt(scenario.shape().resources());
    }

    /** Something that nobody has added to the store yet. */
    int newElement() {
        return elements++;
    }

    /** What the store has said to have. */
    BitSet acknowledged(String resource) {
        return acknowledged.computeIfAbsent(resource, name -> new BitSet());
    }

    /** Tells what happens, where somebody listens, and makes it a part of the digest. */
    void trace(Supplier<String> what) {
        digest = digest * 31 + loop.now() + loop.done();
        trace.ifPresent(to -> to.accept("%,12d us  %s".formatted(loop.now() / 1_000, what.get())));
    }
}
