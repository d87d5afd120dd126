package dev.fencepost.sim;

import dev.fencepost.spi.Environment;
import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.QuorumLocks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Somebody who changes the set of nodes, each time with a process of its own. */
final class Operator {
    private static final long AGAIN = 100 * Timing.MILLI;
    private static final long SOON_GONE = 12 * Timing.MILLI;

    private final Simulation world;
    private long lostAt = -Timing.HEALED;
    private Optional<ClientProcess> underWay = Optional.empty();

    Operator(Simulation world) {
        this.world = world;
    }

    /** Wants some nodes to make the cluster; whether that is possible now is for the client to find out. */
    void change() {
        // Two at once, and the loss of a node, is more than can be borne.
        if (world.scenario().faults().contains(Fault.AMNESIA)
                && underWay.filter(process -> !process.isDead()).isPresent()) {
            return;
        }
        List<NodeHost> left = new ArrayList<>(world.hosts());
        int size = 2 + world.random().nextInt(left.size() - 1);
        while (left.size() > size) {
            left.remove(world.random().nextInt(left.size()));
        }
        ClientProcess process = new ClientProcess(world, world.processes().size(), () -> {});
        start(process, left.stream().map(NodeHost::name).toList());
        if (world.random().nextInt(3) == 0) {
            world.loop().at(world.loop().now() + world.random().nextLong(SOON_GONE), process::die);
        }
        world.loop().at(Timing.HEALED, process::die);
    }

    /** Goes on with what was begun until there is a cluster again, and takes back what is left half-way then. */
    void finish() {
        Optional<Marker.Identity> now = cluster()
                .map(hosts -> hosts.get(0).server().marker.orElseThrow().identity());
        Optional<Marker.Identity> halfWay = world.hosts().stream()
                .flatMap(host -> host.server().marker.stream())
                .filter(Marker::isMoving)
                .map(Marker::identity)
                .filter(moving ->
                        now.filter(id -> !id.epoch().equals(moving.epoch())).isEmpty())
                .findFirst();
        halfWay.ifPresent(moving -> {
            ClientProcess process = new ClientProcess(world, world.processes().size(), () -> {});
            // Where that which was begun cannot be finished any more, it can be taken back.
            List<String> finished = world.random().nextBoolean() ? moving.set().next() : moving.members();
            start(process, now.map(Marker.Identity::members).orElse(finished));
            world.loop().at(world.loop().now() + AGAIN, () -> {
                process.die();
                finish();
            });
        });
    }

    private void start(ClientProcess process, List<String> names) {
        List<LockNode> members = new ArrayList<>();
        List<LockNode> others = new ArrayList<>();
        for (NodeHost host : world.hosts()) {
            RemoteNode link = new RemoteNode(world, process, host);
            world.links().add(link);
            (names.contains(host.name()) ? members : others).add(link);
        }
        Environment environment =
                new Environment(process::nanoTime, process::schedule, process::execute, world.random(), world.random());
        underWay = Optional.of(process);
        process.at(process.instant(), () -> {
            CompletionStage<Void> end = QuorumLocks.changeAsync(
                    new QuorumLocks.Nodes(members, others),
                    Timing.settings(world.scenario().shape(), 1),
                    environment);
            end.whenComplete((done, failure) -> {
                underWay = Optional.empty();
                world.trace(() -> "the set of nodes " + names + (failure == null ? " is the cluster" : ": " + failure));
            });
        });
    }

    /** Whether a quorum takes part besides this node, and no change has been left half-way: to lose a second node in the middle of one is for people to mend. */
    boolean canDoWithout(NodeHost host) {
        boolean others = world.scenario().faults().contains(Fault.CHANGES)
                && lostAt + Timing.LONGEST_LEASE + Timing.LEASE > world.loop().now();
        return !others
                && cluster()
                        .filter(hosts -> hosts.size() - (hosts.contains(host) ? 1 : 0) >= quorum(hosts))
                        .filter(hosts -> world.hosts().stream()
                                .noneMatch(other -> other.server()
                                        .marker
                                        .filter(marker -> marker.isMoving()
                                                && marker.identity().epoch().equals(epoch(hosts)))
                                        .isPresent()))
                        .isPresent();
    }

    /** A node has forgotten. */
    void lost() {
        lostAt = world.loop().now();
    }

    private static String epoch(List<NodeHost> hosts) {
        return hosts.get(0).server().marker.orElseThrow().identity().epoch();
    }

    /** Those of a cluster that take part, if they are a quorum. */
    private Optional<List<NodeHost>> cluster() {
        Map<String, List<NodeHost>> ready = new HashMap<>();
        for (NodeHost host : world.hosts()) {
            if (host.isReady()) {
                String epoch = host.server().marker.orElseThrow().identity().epoch();
                ready.computeIfAbsent(epoch, name -> new ArrayList<>()).add(host);
            }
        }
        return ready.values().stream()
                .filter(hosts -> hosts.size() >= quorum(hosts))
                .findFirst();
    }

    private static int quorum(List<NodeHost> hosts) {
        Marker marker = hosts.get(0).server().marker.orElseThrow();
        return QuorumLocks.quorum(marker.identity().members().size());
    }
}
