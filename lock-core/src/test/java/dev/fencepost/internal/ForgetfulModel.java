package dev.fencepost.internal;

import static dev.fencepost.internal.WorldLayout.ATTEMPTS;
import static dev.fencepost.internal.WorldLayout.NOBODY;
import static dev.fencepost.internal.WorldLayout.NODES;

import java.util.function.Consumer;

/**
 * Every step that {@code docs/spec/Rejoin.tla} allows to three nodes that forget, two attempts, and clients that bring nodes back: the same variables and the same steps under the same
 * names. The nodes are modelled; what the clients conclude is not: which token an attempt has, which nodes it raises and when it is complete is said by a real {@link Ballot}, and from which
 * marks a node starts, and when that is justified, by a real {@link Join}, both told what the clients have been told.
 */
final class ForgetfulModel {
    /** What to take out. */
    enum Flaw {
        NONE,
        /** A node that has forgotten takes part at once. */
        BLIND_REJOIN,
        /** Neither nodes nor attempts have views. */
        NO_VIEWS,
        /** One other node is asked, and another is said to know of nothing. */
        FLOOR_FROM_MINORITY,
        /** A join can be finished in another life of the node than that for which it was begun. */
        STALE_JOIN,
        /** Attempts begin in any view. */
        INVENTED_VIEWS
    }

    /**
     * How much may happen.
     *
     * @param joiners clients that bring nodes back, each one at a time
     * @param crashes how often nodes may forget, in all
     * @param views the largest view
     */
    record Bounds(int joiners, int crashes, int views) {}

    private final Bounds bounds;
    private final Flaw flaw;
    private final WorldLayout layout;

    ForgetfulModel(Bounds bounds, Flaw flaw) {
        this.bounds = bounds;
        this.flaw = flaw;
        this.layout = new WorldLayout(bounds.joiners());
    }

    WorldLayout layout() {
        return layout;
    }

    /** All nodes are ready, and nobody has asked for anything. */
    byte[] first() {
        byte[] world = new byte[layout.size()];
        for (int x = 0; x < NODES; x++) {
            world[WorldLayout.ready(x)] = 1;
            for (int number = 1; number <= WorldLayout.MOST_HOLDS; number++) {
                world[WorldLayout.hold(x, number)] = NOBODY;
            }
        }
        world[layout.known()] = 1;
        return world;
    }

    /** Shows every state that may follow. */
    void expand(byte[] world, Consumer<byte[]> next) {
        new Steps(world, next).all();
    }

    /** One state, and the steps out of it. */
    private final class Steps {
        private final byte[] world;
        private final Consumer<byte[]> next;

        Steps(byte[] world, Consumer<byte[]> next) {
            this.world = world;
            this.next = next;
        }

        void all() {
            for (int a = 0; a < ATTEMPTS; a++) {
                choose(a);
                for (int x = 0; x < NODES; x++) {
                    grant(a, x);
                    raise(a, x);
                    release(a, x);
                }
            }
            for (int x = 0; x < NODES; x++) {
                forget(x);
            }
            for (int j = 0; j < bounds.joiners(); j++) {
                for (int x = 0; x < NODES; x++) {
                    startJoin(j, x);
                    readMark(j, x);
                }
                establish(j);
                finishJoin(j);
            }
        }

        private void choose(int a) {
            if (world[WorldLayout.token(a)] != 0) {
                return;
            }
            for (int token : new Attempting(world, a).tokens()) {
                World after = new World(world);
                after.set(WorldLayout.token(a), token);
                next.accept(after.bytes());
            }
        }

        private void grant(int a, int x) {
            if (world[WorldLayout.reply(a, x)] != 0) {
                return;
            }
            boolean begun = new Attempting(world, a).hasBegun();
            for (int view = 0; view <= bounds.views(); view++) {
                boolean known = flaw == Flaw.INVENTED_VIEWS || ((world[layout.known()] >> view) & 1) == 1;
                if (begun ? view != world[WorldLayout.viewOf(a)] : !known) {
                    continue;
                }
                if (!takesPart(x, view)) {
                    continue;
                }
                World after = new World(world);
                after.beginHold(x, a, world[WorldLayout.counter(x)] + 1);
                after.set(WorldLayout.reply(a, x), after.get(WorldLayout.counter(x)));
                after.set(WorldLayout.reply(a, x) + 1, after.get(WorldLayout.holds(x)));
                after.set(WorldLayout.base(a), begun ? world[WorldLayout.base(a)] : largestToken());
                after.set(WorldLayout.view(x), view);
                after.set(WorldLayout.viewOf(a), view);
                next.accept(after.bytes());
            }
        }

        private void raise(int a, int x) {
            int token = world[WorldLayout.token(a)];
            int view = world[WorldLayout.viewOf(a)];
            boolean asked = token != 0 && new Attempting(world, a).ballot().raises(x);
            boolean done = asked
                    && takesPart(x, view)
                    && new World(world).owner(x) == a
                    && world[WorldLayout.counter(x)] <= token;
            if (done) {
                World after = new World(world);
                after.setCounter(x, token);
                after.set(WorldLayout.reply(a, x) + 2, world[WorldLayout.holds(x)]);
                after.set(WorldLayout.view(x), view);
                next.accept(after.bytes());
            }
        }

        private void release(int a, int x) {
            int token = world[WorldLayout.token(a)];
            if (world[WorldLayout.ready(x)] == 1 && world[WorldLayout.counter(x)] < token) {
                World after = new World(world);
                after.setCounter(x, token);
                next.accept(after.bytes());
            }
        }

        private void forget(int x) {
            int forgotten = 0;
            for (int y = 0; y < NODES; y++) {
                forgotten += world[WorldLayout.life(y)];
            }
            if (forgotten < bounds.crashes()) {
                World after = new World(world);
                after.set(WorldLayout.life(x), world[WorldLayout.life(x)] + 1);
                after.set(WorldLayout.ready(x), flaw == Flaw.BLIND_REJOIN ? 1 : 0);
                after.set(WorldLayout.view(x), 0);
                after.beginHold(x, NOBODY, 0);
                next.accept(after.bytes());
            }
        }

        private void startJoin(int j, int x) {
            if (world[WorldLayout.ready(x)] == 1) {
                return;
            }
            boolean viewless = flaw == Flaw.NO_VIEWS;
            for (int view = viewless ? 0 : 1; view <= (viewless ? 0 : bounds.views()); view++) {
                World after = new World(world);
                after.clearJoin(j);
                after.set(WorldLayout.join(j), x + 1);
                after.set(WorldLayout.join(j) + 1, world[WorldLayout.life(x)]);
                after.set(WorldLayout.join(j) + 2, view);
                next.accept(after.bytes());
            }
        }

        private void readMark(int j, int y) {
            int x = world[WorldLayout.join(j)] - 1;
            int view = world[WorldLayout.join(j) + 2];
            boolean asks = x >= 0 && x != y && world[WorldLayout.asked(j, y)] == 0;
            boolean newer = flaw == Flaw.NO_VIEWS || world[WorldLayout.view(y)] < view;
            if (asks && newer && world[WorldLayout.ready(y)] == 1) {
                Join told =
                        join(j).marked(y, Integer.toString(world[WorldLayout.life(y)]), world[WorldLayout.counter(y)]);
                World after = new World(world);
                after.set(WorldLayout.view(y), view);
                after.set(WorldLayout.asked(j, y), world[WorldLayout.life(y)] + 1);
                after.set(WorldLayout.join(j) + 3, (int) told.floor());
                next.accept(after.bytes());
            }
        }

        private void establish(int j) {
            if (world[WorldLayout.join(j)] == 0 || world[WorldLayout.join(j) + 4] == 1) {
                return;
            }
            Join seen = join(j);
            for (int y = 0; y < NODES; y++) {
                seen = seen.seen(y, Integer.toString(world[WorldLayout.life(y)]));
            }
            if (seen.isEstablished()) {
                World after = new World(world);
                after.set(layout.known(), world[layout.known()] | (1 << seen.view()));
                after.set(WorldLayout.join(j) + 4, 1);
                next.accept(after.bytes());
            }
        }

        private void finishJoin(int j) {
            int x = world[WorldLayout.join(j)] - 1;
            boolean established = x >= 0 && world[WorldLayout.join(j) + 4] == 1;
            if (!established || world[WorldLayout.ready(x)] == 1) {
                return;
            }
            if (world[WorldLayout.life(x)] == world[WorldLayout.join(j) + 1] || flaw == Flaw.STALE_JOIN) {
                Join join = join(j);
                World after = new World(world);
                after.set(WorldLayout.ready(x), 1);
                after.set(WorldLayout.view(x), (int) join.view());
                after.setCounter(x, (int) join.floor());
                after.clearJoin(j);
                next.accept(after.bytes());
            }
        }

        /** What the client knows. That the largest of the marks stands for all of them makes no difference to a join. */
        private Join join(int j) {
            int x = world[WorldLayout.join(j)] - 1;
            Join join = Join.of(NODES, x, world[WorldLayout.join(j) + 2]);
            boolean any = false;
            for (int y = 0; y < NODES; y++) {
                if (world[WorldLayout.asked(j, y)] != 0) {
                    any = true;
                    join = join.marked(
                            y, Integer.toString(world[WorldLayout.asked(j, y)] - 1), world[WorldLayout.join(j) + 3]);
                }
            }
            for (int y = 0; any && flaw == Flaw.FLOOR_FROM_MINORITY && y < NODES; y++) {
                join = join.marked(y, Integer.toString(world[WorldLayout.life(y)]), 0);
            }
            return join;
        }

        private boolean takesPart(int x, int view) {
            return world[WorldLayout.ready(x)] == 1 && world[WorldLayout.view(x)] <= view;
        }

        private int largestToken() {
            int largest = 0;
            for (int a = 0; a < ATTEMPTS; a++) {
                largest = new Attempting(world, a).isComplete()
                        ? Math.max(largest, world[WorldLayout.token(a)])
                        : largest;
            }
            return largest;
        }
    }
}
