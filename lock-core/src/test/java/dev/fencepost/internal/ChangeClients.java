package dev.fencepost.internal;

import dev.fencepost.internal.ChangeWorld.Aim;
import dev.fencepost.internal.ChangeWorld.Attempt;
import dev.fencepost.internal.ChangeWorld.Change;
import dev.fencepost.internal.ChangeWorld.Is;
import dev.fencepost.internal.ChangeWorld.Joining;
import dev.fencepost.internal.ChangeWorld.Known;
import dev.fencepost.internal.ChangeWorld.Node;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What clients conclude in a state of a {@link ChangeModel}, said by the classes that run in production: which token an attempt has, which nodes it raises and when it is complete by {@link Ballot}, what is
 * established by {@link Established}, which change is decided, from what floor and for whom by {@link Move}, what a node becomes by {@link Markers}, and when a node may be brought back by {@link Join}. They are
 * told of any nodes that they may have reached.
 */
final class ChangeClients {
    private final int nodes;
    private final ChangeNames names;

    ChangeClients(int nodes) {
        this.nodes = nodes;
        this.names = new ChangeNames(nodes);
    }

    /** The tokens that an attempt may choose: one for every quorum of grants that may arrive first. */
    Set<Integer> tokens(Attempt attempt) {
        Set<Integer> tokens = new TreeSet<>();
        for (Ballot ballot : ballots(attempt)) {
            tokens.add(Math.toIntExact(ballot.token()));
        }
        return tokens;
    }

    boolean raises(Attempt attempt, int x) {
        return ballot(attempt).raises(x);
    }

    boolean isComplete(Attempt attempt) {
        return attempt.token() != 0 && ballot(attempt).verdict() == Ballot.Verdict.COMPLETE;
    }

    int largestToken(ChangeWorld world) {
        return world.attempts.stream()
                .filter(this::isComplete)
                .mapToInt(Attempt::token)
                .max()
                .orElse(0);
    }

    /** What may be seen to be established, by whoever reaches enough nodes for that. */
    Set<Known> established(ChangeWorld world) {
        Set<Known> established = new HashSet<>();
        for (int reached = 1; reached < 1 << nodes; reached++) {
            int set = reached;
            List<Optional<Marker>> looks = looks(world, x -> ((set >> x) & 1) == 1 && is(world, x, Is.READY));
            Established.of(looks, looks, any -> true).ifPresent(found -> established.add(known(world, found)));
        }
        return established;
    }

    private Known known(ChangeWorld world, Established found) {
        List<Aim> epoch = world.nodes.stream()
                .filter(node -> node.is() == Is.READY)
                .map(Node::epoch)
                .filter(one -> names.epoch(one).equals(found.view().epoch()))
                .findAny()
                .orElseThrow();
        return new Known(epoch, Math.toIntExact(found.view().number()));
    }

    /** What a client may aim at: what somebody wants, with the new nodes as they wait now, or what it sees others move to. */
    Set<Aim> aims(ChangeWorld world, List<Aim> epoch, ChangeModel.Bounds bounds) {
        Set<Aim> aims = new HashSet<>();
        Aim now = epoch.get(epoch.size() - 1);
        for (int wanted : bounds.wanted()) {
            Aim aim = new Aim(wanted, 0);
            if (bounds.anyChange() || Move.isPossible(ChangeNames.members(now), ChangeNames.members(aim))) {
                for (int x = 0; x < nodes; x++) {
                    boolean fresh = aim.has(x) && !now.has(x) && is(world, x, Is.WAITING);
                    aim = fresh ? aim.withFresh(x, world.nodes.get(x).life()) : aim;
                }
                aims.add(aim);
            }
        }
        world.nodes.stream()
                .filter(node -> node.is() == Is.MOVING && node.epoch().equals(epoch))
                .forEach(node -> aims.add(node.to()));
        return aims;
    }

    /** What may be seen to be decided, by whoever reaches enough nodes for that. */
    Set<Change> decided(ChangeWorld world, List<Aim> epoch) {
        Set<Change> decided = new HashSet<>();
        for (int reached = 1; reached < 1 << nodes; reached++) {
            int set = reached;
            List<Optional<Marker>> looks = looks(
                    world,
                    x -> ((set >> x) & 1) == 1
                            && is(world, x, Is.MOVING)
                            && world.nodes.get(x).epoch().equals(epoch));
            Move.decided(looks, looks).ifPresent(move -> decided.add(change(world, epoch, move)));
        }
        return decided;
    }

    private Change change(ChangeWorld world, List<Aim> epoch, Move move) {
        Aim to = world.nodes.stream()
                .filter(node -> node.is() == Is.MOVING && node.epoch().equals(epoch))
                .map(Node::to)
                .filter(aim -> names.into(epoch, aim).equals(move.into()))
                .findAny()
                .orElseThrow();
        return new Change(epoch, to, Math.toIntExact(move.floor()), Math.toIntExact(move.view()) - 1);
    }

    /** What was decided, or what a node that takes part in it tells of it. */
    Set<Change> changes(ChangeWorld world) {
        Set<Change> changes = new HashSet<>(world.decided);
        for (int x = 0; x < nodes; x++) {
            List<Aim> epoch = world.nodes.get(x).epoch();
            if (is(world, x, Is.READY) && epoch.size() > 1) {
                Move move = Move.witnessed(names.marker(x, world.nodes.get(x)));
                Change told = new Change(
                        epoch.subList(0, epoch.size() - 1),
                        epoch.get(epoch.size() - 1),
                        Math.toIntExact(move.floor()),
                        Math.toIntExact(move.view()));
                if (!names.move(told).equals(move)) {
                    throw new IllegalStateException(move + " is not " + told);
                }
                changes.add(told);
            }
        }
        return changes;
    }

    /** Whether a node has its part in a change before it. One that still takes part would do in one step what is two here. */
    boolean mayGoOn(int x, Node node, Change change) {
        Move move = names.move(change);
        Marker marker = names.marker(x, node);
        return switch (node.is()) {
            case MOVING -> move.concerns(marker);
            case WAITING -> move.isFresh(marker);
            case READY -> false;
        };
    }

    Node crossed(int x, Node node, Change change) {
        Marker before = names.marker(x, node);
        Marker.Numbers after = Markers.crossed(before, before.life(), names.seen(before), names.move(change))
                .numbers();
        List<Aim> epoch = new ArrayList<>(change.epoch());
        epoch.add(change.to());
        return node.marked(Is.READY, List.copyOf(epoch), Aim.NONE)
                .started(Math.toIntExact(after.floor()), Math.toIntExact(after.view()));
    }

    Joining marked(Joining join, int y, Node node) {
        List<Integer> asked = new ArrayList<>(join.asked());
        asked.set(y, node.life() + 1);
        long floor = told(join)
                .marked(y, ChangeNames.life(y, node.life()), node.mark())
                .floor();
        return new Joining(
                join.node(), join.life(), join.epoch(), join.view(), Math.toIntExact(floor), false, List.copyOf(asked));
    }

    boolean isEstablished(ChangeWorld world) {
        Join join = told(world.join);
        for (int y = 0; y < nodes; y++) {
            Node node = world.nodes.get(y);
            join = node.isReady(world.join.epoch()) ? join.seen(y, ChangeNames.life(y, node.life())) : join;
        }
        return join.isEstablished();
    }

    /** What the client knows. That the largest of the marks stands for all of them makes no difference to a join. */
    private Join told(Joining join) {
        Join told = Join.of(nodes, roster(join.epoch(), join.view()), join.node(), join.view());
        for (int y = 0; y < nodes; y++) {
            int life = join.asked().get(y) - 1;
            told = life < 0 ? told : told.marked(y, ChangeNames.life(y, life), join.floor());
        }
        return told;
    }

    /** All that it can have been told by now, in an order that makes its token what it is. */
    private Ballot ballot(Attempt attempt) {
        Ballot ballot = ballots(attempt).stream()
                .filter(one -> one.token() == attempt.token())
                .findFirst()
                .orElseThrow();
        for (int x = 0; x < nodes; x++) {
            ballot = attempt.value().get(x) == 0
                    ? ballot
                    : ballot.granted(x, attempt.value().get(x));
            ballot = attempt.raised().get(x) == 0 ? ballot : ballot.raised(x);
        }
        return ballot;
    }

    /** What each quorum of grants makes that may arrive first. */
    private List<Ballot> ballots(Attempt attempt) {
        List<Ballot> ballots = new ArrayList<>();
        if (!attempt.hasBegun()) {
            return ballots;
        }
        Roster roster = roster(attempt.epoch(), attempt.view());
        for (int first = 1; first < 1 << nodes; first++) {
            int set = first;
            Ballot ballot = roster.ballot();
            boolean all = IntStream.range(0, nodes)
                    .noneMatch(x -> ((set >> x) & 1) == 1 && attempt.value().get(x) == 0);
            for (int x = 0; all && x < nodes; x++) {
                ballot = ((set >> x) & 1) == 1
                        ? ballot.granted(x, attempt.value().get(x))
                        : ballot;
            }
            if (all && Integer.bitCount(set) == roster.quorum()) {
                ballots.add(ballot);
            }
        }
        return ballots;
    }

    private Roster roster(List<Aim> epoch, int view) {
        return Roster.of(
                new View(names.epoch(epoch), view), ChangeNames.members(epoch.get(epoch.size() - 1)), names.nodes());
    }

    private List<Optional<Marker>> looks(ChangeWorld world, IntPredicate whom) {
        return IntStream.range(0, nodes)
                .mapToObj(
                        x -> whom.test(x) ? Optional.of(names.marker(x, world.nodes.get(x))) : Optional.<Marker>empty())
                .toList();
    }

    private static boolean is(ChangeWorld world, int x, Is is) {
        return world.nodes.get(x).is() == is;
    }
}
