package dev.fencepost.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the variables of {@code docs/spec/Rejoin.tla} are in the bytes of a {@link ForgetfulModel}, and which states differ only in the names of nodes, attempts or
 * clients: those count as one, as they do for TLC.
 */
final class WorldLayout {
    static final int NODES = 3;
    static final int ATTEMPTS = 2;
    static final int NOBODY = ATTEMPTS;
    static final int MOST_HOLDS = 5;

    private static final int NODE_SIZE = 5 + 3 * MOST_HOLDS;
    private static final int ATTEMPT_SIZE = 3 + 3 * NODES;
    private static final int JOIN_SIZE = 5 + NODES;
    private static final int FIRST_ATTEMPT = NODES * NODE_SIZE;
    private static final int FIRST_JOIN = FIRST_ATTEMPT + ATTEMPTS * ATTEMPT_SIZE;

    private final int joiners;
    private final List<Renaming> renamings = new ArrayList<>();

    /** One way to rename everything: which byte goes where, and what becomes of those that are names. */
    private static final class Renaming {
        private static final int NODE = 1;
        private static final int ATTEMPT = 2;

        private final int[] from;
        private final int[] names;
        private final int[] nodes;
        private final int[] attempts;

        Renaming(int[] from, int[] names, int[] nodes, int[] attempts) {
            this.from = from;
            this.names = names;
            this.nodes = nodes;
            this.attempts = attempts;
        }

        byte value(byte[] world, int at) {
            byte value = world[from[at]];
            return switch (names[at]) {
                case NODE -> (byte) (value == 0 ? 0 : nodes[value - 1] + 1);
                case ATTEMPT -> (byte) (value == NOBODY ? NOBODY : attempts[value]);
                default -> value;
            };
        }

        /** The first place at which the renamed world differs from another, and is smaller. */
        boolean isSmallerThan(byte[] other, byte[] world) {
            for (int at = 0; at < world.length; at++) {
                int order = Byte.compare(value(world, at), other[at]);
                if (order != 0) {
                    return order < 0;
                }
            }
            return false;
        }

        byte[] of(byte[] world) {
            byte[] renamed = new byte[world.length];
            for (int at = 0; at < world.length; at++) {
                renamed[at] = value(world, at);
            }
            return renamed;
        }
    }

    WorldLayout(int joiners) {
        this.joiners = joiners;
        for (int[] nodes : permutations(NODES)) {
            for (int[] attempts : permutations(ATTEMPTS)) {
                for (int[] clients : permutations(joiners)) {
                    renamings.add(renaming(nodes, attempts, clients));
                }
            }
        }
    }

    int size() {
        return known() + 1;
    }

    static int counter(int node) {
        return node * NODE_SIZE;
    }

    static int ready(int node) {
        return node * NODE_SIZE + 1;
    }

    static int view(int node) {
        return node * NODE_SIZE + 2;
    }

    static int life(int node) {
        return node * NODE_SIZE + 3;
    }

    static int holds(int node) {
        return node * NODE_SIZE + 4;
    }

    /** By whom a hold is, followed by where the counter was when it began and when it ended. Holds are numbered from 1. */
    static int hold(int node, int number) {
        return node * NODE_SIZE + 5 + 3 * (number - 1);
    }

    static int token(int attempt) {
        return FIRST_ATTEMPT + attempt * ATTEMPT_SIZE;
    }

    static int base(int attempt) {
        return token(attempt) + 1;
    }

    static int viewOf(int attempt) {
        return token(attempt) + 2;
    }

    /** What a node has granted, or 0; followed by the number of the hold in which it was granted, and by that of the hold in which it was raised. */
    static int reply(int attempt, int node) {
        return token(attempt) + 3 + 3 * node;
    }

    /** Which node is brought back, plus 1; followed by its life, the view, the largest mark, and whether the view is established. */
    static int join(int joiner) {
        return FIRST_JOIN + joiner * JOIN_SIZE;
    }

    /** The life in which a node has told its mark, plus 1. */
    static int asked(int joiner, int node) {
        return join(joiner) + 5 + node;
    }

    /** The views that are known to be established, one bit each. */
    int known() {
        return FIRST_JOIN + joiners * JOIN_SIZE;
    }

    /** The same for all states that differ in names only. */
    byte[] canonical(byte[] world) {
        byte[] smallest = world;
        for (Renaming renaming : renamings) {
            if (renaming.isSmallerThan(smallest, world)) {
                smallest = renaming.of(world);
            }
        }
        return smallest;
    }

    private Renaming renaming(int[] nodes, int[] attempts, int[] clients) {
        int[] from = new int[size()];
        int[] names = new int[size()];
        from[known()] = known();
        for (int x = 0; x < NODES; x++) {
            move(from, counter(x), counter(nodes[x]), NODE_SIZE);
            for (int hold = 1; hold <= MOST_HOLDS; hold++) {
                names[hold(x, hold)] = Renaming.ATTEMPT;
            }
        }
        for (int a = 0; a < ATTEMPTS; a++) {
            move(from, token(a), token(attempts[a]), 3);
            for (int x = 0; x < NODES; x++) {
                move(from, reply(a, x), reply(attempts[a], nodes[x]), 3);
            }
        }
        for (int j = 0; j < joiners; j++) {
            move(from, join(j), join(clients[j]), 5);
            names[join(j)] = Renaming.NODE;
            for (int x = 0; x < NODES; x++) {
                move(from, asked(j, x), asked(clients[j], nodes[x]), 1);
            }
        }
        return new Renaming(from, names, nodes, attempts);
    }

    private static void move(int[] from, int source, int target, int length) {
        for (int i = 0; i < length; i++) {
            from[target + i] = source + i;
        }
    }

    private static List<int[]> permutations(int of) {
        List<int[]> all = List.of(new int[0]);
        for (int next = 0; next < of; next++) {
            int element = next;
            all = all.stream()
                    .flatMap(shorter ->
                            IntStream.rangeClosed(0, shorter.length).mapToObj(at -> inserted(shorter, at, element)))
                    .toList();
        }
        return all;
    }

    private static int[] inserted(int[] into, int at, int element) {
        int[] longer = Arrays.copyOf(into, into.length + 1);
        System.arraycopy(into, at, longer, at + 1, into.length - at);
        longer[at] = element;
        return longer;
    }
}
