package dev.fencepost.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** A state of a {@link ChangeModel}: the variables of {@code docs/spec/Members.tla} under the same names. Nodes and attempts are numbered from 0, views and tokens as there. */
final class ChangeWorld {
    static final int ATTEMPTS = 2;
    static final int NOBODY = ATTEMPTS;

    private static final int LIFE_BITS = 4;
    private static final int MOST_LIVES = (1 << LIFE_BITS) - 1;

    final List<Node> nodes = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    final Set<Known> known = new HashSet<>();
    final Set<Change> decided = new HashSet<>();
    Joining join = Joining.NONE;
    int crashes;

    /** Whether a node takes part. */
    enum Is {
        WAITING,
        READY,
        MOVING
    }

    /**
     * A list of members, and the lives in which new ones among them wait.
     *
     * @param members one bit each
     * @param fresh four bits for each node: its life plus 1, or 0
     */
    record Aim(int members, int fresh) {
        static final Aim NONE = new Aim(0, 0);

        boolean has(int node) {
            return ((members >> node) & 1) == 1;
        }

        int size() {
            return Integer.bitCount(members);
        }

        Aim withFresh(int node, int life) {
            return new Aim(members, fresh | ((life + 1) << (LIFE_BITS * node)));
        }

        /** The life in which a new node waits; -1 if it is none, or did not wait. */
        int life(int node) {
            return ((fresh >> (LIFE_BITS * node)) & MOST_LIVES) - 1;
        }

        private Aim renamed(IntUnaryOperator names) {
            int everybody = 0;
            int lives = 0;
            for (int x = 0; x < Integer.SIZE / LIFE_BITS; x++) {
                everybody |= has(x) ? 1 << names.applyAsInt(x) : 0;
                lives |= life(x) < 0 ? 0 : (life(x) + 1) << (LIFE_BITS * names.applyAsInt(x));
            }
            return new Aim(everybody, lives);
        }
    }

    /** What has been established: attempts may begin in it. */
    record Known(List<Aim> epoch, int view) {}

    /** What has been decided. */
    record Change(List<Aim> epoch, Aim to, int floor, int view) {}

    /** A hold of the lock on a node: by whom, and from where to where the counter went in it. */
    record Hold(int by, int from, int to) {}

    /** What a node keeps. */
    record Node(Is is, List<Aim> epoch, Aim to, int counter, int floor, int view, int life, List<Hold> holds) {
        int mark() {
            return Math.max(counter, floor);
        }

        int owner() {
            return holds.isEmpty() ? NOBODY : holds.get(holds.size() - 1).by;
        }

        boolean isReady(List<Aim> in) {
            return is == Is.READY && epoch.equals(in);
        }

        Node marked(Is now, List<Aim> in, Aim aim) {
            return new Node(now, in, aim, counter, floor, view, life, holds);
        }

        Node started(int from, int in) {
            return new Node(is, epoch, to, counter, from, in, life, holds);
        }

        Node inView(int in) {
            return new Node(is, epoch, to, counter, floor, in, life, holds);
        }

        /** The counter becomes this, and the current hold, if any, has seen it. */
        Node counted(int value) {
            List<Hold> seen = new ArrayList<>(holds);
            if (owner() != NOBODY) {
                Hold last = seen.remove(seen.size() - 1);
                seen.add(new Hold(last.by, last.from, value));
            }
            return new Node(is, epoch, to, value, floor, view, life, List.copyOf(seen));
        }

        Node held(int by, int value) {
            List<Hold> more = new ArrayList<>(holds);
            more.add(new Hold(by, value, value));
            return new Node(is, epoch, to, value, floor, view, life, List.copyOf(more));
        }

        Node lost() {
            Node blank = new Node(Is.WAITING, List.of(), Aim.NONE, 0, 0, 0, life + 1, holds);
            return blank.held(NOBODY, 0);
        }
    }

    /** What a client knows of its attempt; for each node what it has granted, in which hold, and in which it was raised, or 0. */
    record Attempt(
            List<Aim> epoch,
            int view,
            int token,
            int base,
            List<Integer> value,
            List<Integer> hold,
            List<Integer> raised) {
        static Attempt none(int nodes) {
            List<Integer> none = Collections.nCopies(nodes, 0);
            return new Attempt(List.of(), 0, 0, 0, none, none, none);
        }

        boolean hasBegun() {
            return value.stream().anyMatch(granted -> granted != 0);
        }

        Attempt begun(Known in, int largest) {
            return new Attempt(in.epoch, in.view, token, largest, value, hold, raised);
        }

        Attempt granted(int node, int granted, int number) {
            return new Attempt(epoch, view, token, base, with(value, node, granted), with(hold, node, number), raised);
        }

        Attempt chosen(int chosen) {
            return new Attempt(epoch, view, chosen, base, value, hold, raised);
        }

        Attempt raised(int node, int number) {
            return new Attempt(epoch, view, token, base, value, hold, with(raised, node, number));
        }

        /** The holds of the node in which it has confirmed the token. */
        int[] confirmedIn(int node) {
            return IntStream.of(token != 0 && value.get(node) == token ? hold.get(node) : 0, raised.get(node))
                    .filter(number -> number != 0)
                    .distinct()
                    .toArray();
        }

        private static List<Integer> with(List<Integer> all, int at, int one) {
            List<Integer> changed = new ArrayList<>(all);
            changed.set(at, one);
            return List.copyOf(changed);
        }
    }

    /** What a client is doing that brings a node back; for each node the life in which it has told its mark, plus 1. */
    record Joining(int node, int life, List<Aim> epoch, int view, int floor, boolean established, List<Integer> asked) {
        static final Joining NONE = new Joining(-1, 0, List.of(), 0, 0, false, List.of());

        static Joining begun(int x, Node node, List<Aim> epoch, int view, int nodes) {
            return new Joining(x, node.life, epoch, view, 0, false, Collections.nCopies(nodes, 0));
        }

        Joining found() {
            return new Joining(node, life, epoch, view, floor, true, asked);
        }
    }

    ChangeWorld copy() {
        ChangeWorld copy = new ChangeWorld();
        copy.nodes.addAll(nodes);
        copy.attempts.addAll(attempts);
        copy.known.addAll(known);
        copy.decided.addAll(decided);
        copy.join = join;
        copy.crashes = crashes;
        return copy;
    }

    /** All of it, where nodes and attempts have other numbers. */
    String renamed(int[] newNodes, int[] newAttempts) {
        IntUnaryOperator names = node -> node < newNodes.length ? newNodes[node] : node;
        String[] parts = new String[nodes.size() + ATTEMPTS];
        for (int x = 0; x < nodes.size(); x++) {
            Node node = nodes.get(x);
            String held = node.holds.stream()
                    .map(hold -> (hold.by == NOBODY ? NOBODY : newAttempts[hold.by]) + "," + hold.from + "," + hold.to)
                    .toList()
                    .toString();
            parts[newNodes[x]] = node.is + text(node.epoch, names) + text(List.of(node.to), names) + node.counter + ","
                    + node.floor + "," + node.view + "," + node.life + held;
        }
        for (int a = 0; a < ATTEMPTS; a++) {
            Attempt attempt = attempts.get(a);
            parts[nodes.size() + newAttempts[a]] = text(attempt.epoch, names) + attempt.view + "," + attempt.token + ","
                    + attempt.base + moved(attempt.value, newNodes) + moved(attempt.hold, newNodes)
                    + moved(attempt.raised, newNodes);
        }
        return String.join("|", parts)
                + sorted(known.stream()
                        .map(one -> text(one.epoch, names) + one.view)
                        .toList())
                + sorted(decided.stream()
                        .map(one -> text(one.epoch, names) + text(List.of(one.to), names) + one.floor + "," + one.view)
                        .toList())
                + text(join, newNodes, names)
                + crashes;
    }

    private static String text(Joining join, int[] newNodes, IntUnaryOperator names) {
        if (join.node < 0) {
            return "-";
        }
        return newNodes[join.node] + "," + join.life + text(join.epoch, names) + join.view + "," + join.floor + ","
                + join.established + moved(join.asked, newNodes);
    }

    private static String moved(List<Integer> of, int[] newNodes) {
        int[] moved = new int[newNodes.length];
        for (int x = 0; x < newNodes.length; x++) {
            moved[newNodes[x]] = of.get(x);
        }
        return Arrays.toString(moved);
    }

    private static String sorted(List<String> of) {
        return of.stream().sorted().toList().toString();
    }

    private static String text(List<Aim> epoch, IntUnaryOperator names) {
        StringBuilder text = new StringBuilder("<");
        for (Aim aim : epoch) {
            Aim renamed = aim.renamed(names);
            text.append(renamed.members).append('.').append(renamed.fresh).append(' ');
        }
        return text.append('>').toString();
    }
}
