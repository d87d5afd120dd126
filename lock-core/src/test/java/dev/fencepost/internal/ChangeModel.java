package dev.fencepost.internal;

import dev.fencepost.internal.ChangeWorld.Aim;
import dev.fencepost.internal.ChangeWorld.Attempt;
import dev.fencepost.internal.ChangeWorld.Change;
import dev.fencepost.internal.ChangeWorld.Is;
import dev.fencepost.internal.ChangeWorld.Joining;
import dev.fencepost.internal.ChangeWorld.Known;
import dev.fencepost.internal.ChangeWorld.Node;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Every step that {@code docs/spec/Members.tla} allows: the same variables and the same steps under the same names. The nodes are modelled; what clients conclude is not, but said by the classes that run in
 * production, as {@link ChangeClients} asks them.
 */
final class ChangeModel {
    /** What to take out. */
    enum Flaw {
        NONE,
        /** Nodes go on from their own counters. */
        NO_FLOOR,
        /** A freeze may be undone. */
        THAW,
        /** A node that waits takes part in the next epoch at once. */
        BLIND_MEMBER,
        /** A node begins in the next epoch in whatever life it waits. */
        ANY_LIFE
    }

    /**
     * How much may happen.
     *
     * @param nodes how many nodes there are, members or not
     * @param first the members at first, one bit each
     * @param wanted the sets that somebody wants
     * @param anyChange whether all sets can follow each other
     * @param crashes how often nodes may forget, in all
     * @param views the largest view that is begun by a join; 0 if there are none
     */
    record Bounds(int nodes, int first, List<Integer> wanted, boolean anyChange, int crashes, int views) {}

    private final Bounds bounds;
    private final Flaw flaw;
    private final ChangeClients clients;

    ChangeModel(Bounds bounds, Flaw flaw) {
        this.bounds = bounds;
        this.flaw = flaw;
        this.clients = new ChangeClients(bounds.nodes);
    }

    /** The members at first are ready, and nobody has asked for anything. */
    ChangeWorld first() {
        ChangeWorld world = new ChangeWorld();
        List<Aim> epoch = List.of(new Aim(bounds.first, 0));
        for (int x = 0; x < bounds.nodes; x++) {
            Node waiting = new Node(Is.WAITING, List.of(), Aim.NONE, 0, 0, 0, 0, List.of());
            world.nodes.add(epoch.get(0).has(x) ? waiting.marked(Is.READY, epoch, Aim.NONE) : waiting);
        }
        for (int a = 0; a < ChangeWorld.ATTEMPTS; a++) {
            world.attempts.add(Attempt.none(bounds.nodes));
        }
        world.known.add(new Known(epoch, 0));
        return world;
    }

    /** Those that do not hold. */
    Set<ChangeInvariants.Rule> brokenIn(ChangeWorld world) {
        return new ChangeInvariants(clients, world).broken();
    }

    /** Shows every state that may follow. */
    void expand(ChangeWorld world, Consumer<ChangeWorld> next) {
        new Steps(world, next).all();
    }

    /** One state, and the steps out of it. */
    private final class Steps {
        private final ChangeWorld world;
        private final Consumer<ChangeWorld> next;

        Steps(ChangeWorld world, Consumer<ChangeWorld> next) {
            this.world = world;
            this.next = next;
        }

        void all() {
            for (int x = 0; x < bounds.nodes; x++) {
                for (int a = 0; a < ChangeWorld.ATTEMPTS; a++) {
                    grant(a, x);
                    raise(a, x);
                    release(a, x);
                }
                freeze(x);
                goOn(x);
                thaw(x);
                lose(x);
                startJoin(x);
                readMark(x);
                joinBlindly(x);
            }
            for (int a = 0; a < ChangeWorld.ATTEMPTS; a++) {
                choose(a);
            }
            establish();
            finishJoin();
        }

        private void grant(int a, int x) {
            Attempt attempt = world.attempts.get(a);
            if (attempt.value().get(x) != 0) {
                return;
            }
            Node node = world.nodes.get(x);
            Set<Known> may =
                    attempt.hasBegun() ? Set.of(new Known(attempt.epoch(), attempt.view())) : Set.copyOf(world.known);
            for (Known in : may) {
                if (takesPart(node, in)) {
                    Node granted = node.held(a, node.mark() + 1).inView(in.view());
                    int base = attempt.hasBegun() ? attempt.base() : clients.largestToken(world);
                    ChangeWorld after = with(x, granted);
                    after.attempts.set(
                            a,
                            attempt.begun(in, base)
                                    .granted(
                                            x,
                                            granted.counter(),
                                            granted.holds().size()));
                    seen(after);
                }
            }
        }

        private boolean takesPart(Node node, Known in) {
            return node.isReady(in.epoch()) && node.view() <= in.view();
        }

        private void choose(int a) {
            Attempt attempt = world.attempts.get(a);
            for (int token : attempt.token() == 0 ? clients.tokens(attempt) : Set.<Integer>of()) {
                ChangeWorld after = world.copy();
                after.attempts.set(a, attempt.chosen(token));
                next.accept(after);
            }
        }

        private void raise(int a, int x) {
            Attempt attempt = world.attempts.get(a);
            Node node = world.nodes.get(x);
            boolean done = attempt.token() != 0
                    && takesPart(node, new Known(attempt.epoch(), attempt.view()))
                    && node.owner() == a
                    && node.counter() <= attempt.token()
                    && clients.raises(attempt, x);
            if (done) {
                ChangeWorld after = with(x, node.counted(attempt.token()).inView(attempt.view()));
                after.attempts.set(a, attempt.raised(x, node.holds().size()));
                seen(after);
            }
        }

        private void release(int a, int x) {
            Node node = world.nodes.get(x);
            int token = world.attempts.get(a).token();
            if (node.is() == Is.READY && node.counter() < token) {
                next.accept(with(x, node.counted(token)));
            }
        }

        private void freeze(int x) {
            Node node = world.nodes.get(x);
            if (node.is() == Is.READY && node.epoch().size() == 1) {
                for (Aim to : clients.aims(world, node.epoch(), bounds)) {
                    ChangeWorld after = with(x, node.marked(Is.MOVING, node.epoch(), to));
                    after.decided.addAll(clients.decided(after, node.epoch()));
                    seen(after);
                }
            }
        }

        /** Finish, or begin. */
        private void goOn(int x) {
            Node node = world.nodes.get(x);
            for (Change change : clients.changes(world)) {
                boolean begins = node.is() == Is.WAITING
                        && flaw == Flaw.ANY_LIFE
                        && change.to().has(x);
                if (begins || clients.mayGoOn(x, node, change)) {
                    Node started = clients.crossed(x, node, change);
                    seen(with(x, flaw == Flaw.NO_FLOOR ? started.started(node.floor(), started.view()) : started));
                }
            }
        }

        private void thaw(int x) {
            Node node = world.nodes.get(x);
            if (flaw == Flaw.THAW && node.is() == Is.MOVING) {
                seen(with(x, node.marked(Is.READY, node.epoch(), Aim.NONE)));
            }
        }

        /** Forgets, or is outlived. */
        private void lose(int x) {
            Node node = world.nodes.get(x);
            if (world.crashes < bounds.crashes) {
                ChangeWorld after = with(x, node.lost());
                after.crashes++;
                seen(after);
            }
            boolean outlived = node.is() != Is.WAITING
                    && world.known.stream()
                            .anyMatch(one -> one.epoch().size() > node.epoch().size()
                                    && last(one.epoch()).has(x));
            if (outlived) {
                seen(with(x, node.lost()));
            }
        }

        private void startJoin(int x) {
            Node node = world.nodes.get(x);
            if (node.is() != Is.WAITING) {
                return;
            }
            for (Known in : world.known) {
                for (int view = 1; last(in.epoch()).has(x) && view <= bounds.views; view++) {
                    ChangeWorld after = world.copy();
                    after.join = Joining.begun(x, node, in.epoch(), view, bounds.nodes);
                    next.accept(after);
                }
            }
        }

        private void readMark(int y) {
            Joining join = world.join;
            Node node = world.nodes.get(y);
            boolean tells = join.node() >= 0
                    && join.node() != y
                    && join.asked().get(y) == 0
                    && node.isReady(join.epoch())
                    && node.view() < join.view();
            if (tells) {
                ChangeWorld after = with(y, node.inView(join.view()));
                after.join = clients.marked(join, y, node);
                seen(after);
            }
        }

        private void establish() {
            Joining join = world.join;
            if (join.node() >= 0 && !join.established() && clients.isEstablished(world)) {
                ChangeWorld after = world.copy();
                after.join = join.found();
                next.accept(after);
            }
        }

        private void finishJoin() {
            Joining join = world.join;
            if (join.established()) {
                Node node = world.nodes.get(join.node());
                if (node.is() == Is.WAITING && node.life() == join.life()) {
                    ChangeWorld after = with(
                            join.node(),
                            node.marked(Is.READY, join.epoch(), Aim.NONE).started(join.floor(), join.view()));
                    after.join = Joining.NONE;
                    seen(after);
                }
            }
        }

        private void joinBlindly(int x) {
            Node node = world.nodes.get(x);
            if (flaw == Flaw.BLIND_MEMBER && node.is() == Is.WAITING) {
                world.known.stream()
                        .map(Known::epoch)
                        .filter(epoch -> epoch.size() > 1 && last(epoch).has(x))
                        .distinct()
                        .forEach(epoch -> seen(with(x, node.marked(Is.READY, epoch, Aim.NONE))));
            }
        }

        private ChangeWorld with(int x, Node node) {
            ChangeWorld after = world.copy();
            after.nodes.set(x, node);
            return after;
        }

        /** Somebody always looks. */
        private void seen(ChangeWorld after) {
            after.known.addAll(clients.established(after));
            next.accept(after);
        }
    }

    private static Aim last(List<Aim> epoch) {
        return epoch.get(epoch.size() - 1);
    }
}
