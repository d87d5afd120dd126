package dev.fencepost.internal;

import dev.fencepost.internal.ModelAttempt.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every step that can happen to some nodes and some attempts, in a world without clocks: a lock may expire at any moment, and a message may take for ever.
 *
 * <p>The nodes are modelled. The decisions are not: each attempt hands what it is told to a {@link Ballot}, and does what that says; and which tokens it has then is said by {@link
 * Holding}.
 *
 * <p>Some things are one step that could be several, without hiding anything:
 *
 * <ul>
 *   <li>A quorum of grants is delivered at once, since the token is not known before the last of them.
 *   <li>A node is raised and its answer delivered at once: an answer that comes later or not at all only leaves a counter higher, as a release does.
 *   <li>An attempt completes with the vote that makes it complete: completing later would only let fewer attempts begin after it.
 *   <li>A lock expires when another attempt is granted it: expiring earlier would only keep its owner from being raised. An owner that cannot be raised any more is
 *       forgotten at once.
 * </ul>
 *
 * <p>Nodes that start alike are numbered in the order in which they are first used, unless the setup has them in any order. That halves the work several times and
 * hides nothing from a ballot that treats all nodes alike, whatever their numbers, which {@code BallotTest} shows.
 */
final class TokenModel {
    /** Takes the steps that are possible from one state. */
    interface Steps {
        /** The attempt does this, which leaves one node and itself as given. */
        void step(String what, int attempt, int node, ModelNode nodeAfter, ModelAttempt attemptAfter);

        /** The attempt would complete, and must not. */
        void violation(Invariant broken, int attempt, long token);
    }

    private final SearchSetup setup;
    private final int quorum;
    private final Ballot blank;
    /** The sets of grants that may be the first to be delivered. */
    private final List<int[]> choices;

    TokenModel(SearchSetup setup) {
        this.setup = setup;
        this.quorum = Ballot.quorum(setup.nodes());
        this.blank = Ballot.of(setup.nodes());
        int largest = setup.lie() == Lie.ORDER_STATISTIC ? setup.nodes() : quorum;
        this.choices = IntStream.range(0, 1 << setup.nodes())
                .filter(set -> Integer.bitCount(set) >= quorum && Integer.bitCount(set) <= largest)
                .mapToObj(set -> IntStream.range(0, setup.nodes())
                        .filter(node -> ((set >> node) & 1) == 1)
                        .toArray())
                .toList();
    }

    ModelNode[] firstNodes() {
        return setup.counters().stream().map(ModelNode::startingAt).toArray(ModelNode[]::new);
    }

    ModelAttempt[] firstAttempts() {
        return Stream.generate(() -> ModelAttempt.notBegun(blank))
                .limit(setup.attempts())
                .toArray(ModelAttempt[]::new);
    }

    /** A node's lock is worth remembering as long as its owner may still be raised there; afterwards it is as good as expired. */
    static ModelNode afterwards(ModelNode node, int x, int a, ModelAttempt attempt) {
        boolean over = attempt.phase() != Phase.RUNNING || !attempt.ballot().awaits(x);
        return over && node.isHeldBy(a) ? node.freed() : node;
    }

    /** Shows every step that is possible in a state. */
    void expand(ModelNode[] nodes, ModelAttempt[] attempts, Steps steps) {
        new Moment(nodes, attempts, steps).expand();
    }

    /** One state, and the steps out of it. */
    private final class Moment {
        private final ModelNode[] nodes;
        private final ModelAttempt[] attempts;
        private final Steps steps;

        Moment(ModelNode[] nodes, ModelAttempt[] attempts, Steps steps) {
            this.nodes = nodes;
            this.attempts = attempts;
            this.steps = steps;
        }

        void expand() {
            for (int x = 0; setup.has(Freedom.EARLY_EXPIRY) && x < nodes.length; x++) {
                if (!nodes[x].isFree()) {
                    int owner = nodes[x].owner();
                    steps.step("loses its lock on", owner, x, nodes[x].freed(), attempts[owner]);
                }
            }
            for (int a = 0; a < attempts.length; a++) {
                ModelAttempt attempt = attempts[a];
                if (attempt.phase() == Phase.RUNNING) {
                    run(a, attempt);
                } else if (attempt.phase() != Phase.NOT_BEGUN) {
                    release(a, attempt);
                } else if (a == 0 || attempts[a - 1].phase() != Phase.NOT_BEGUN) {
                    grant(a, attempt.begun(largestComplete()));
                }
            }
        }

        private int largestComplete() {
            int largest = 0;
            for (int b = 0; b < attempts.length; b++) {
                largest =
                        attempts[b].isComplete() ? Math.max(largest, tokensOf(b).last()) : largest;
            }
            return largest;
        }

        private ModelTokens tokensOf(int complete) {
            return setup.tokens(complete, attempts[complete].token());
        }

        private ModelTokens tokensOf(int a, ModelAttempt running) {
            return setup.tokens(a, Math.toIntExact(running.ballot().token()));
        }

        private void run(int a, ModelAttempt attempt) {
            boolean fixed = attempt.ballot().token() != 0;
            grant(a, attempt);
            if (setup.has(Freedom.RETRIES) && !attempt.retried()) {
                grantAgain(a, attempt);
            }
            if (fixed && setup.has(Freedom.GIVING_UP)) {
                steps.step("gives up", a, 0, nodes[0], attempt.givenUp(blank));
            }
            if (fixed) {
                hearOfEach(a, attempt);
            } else {
                for (int[] chosen : choices) {
                    if (attempt.isGrantedOnAll(chosen)) {
                        choose(a, attempt, chosen);
                    }
                }
            }
        }

        private void hearOfEach(int a, ModelAttempt attempt) {
            for (int x = 0; x < nodes.length; x++) {
                if (attempt.grant(x) != 0 && attempt.ballot().awaits(x)) {
                    hear(a, attempt, x);
                }
            }
        }

        /** Whoever is done may release on any node at any time. */
        private void release(int a, ModelAttempt attempt) {
            for (int x = 0; x < nodes.length; x++) {
                ModelNode released = nodes[x].released(a, attempt.token());
                if (!released.equals(nodes[x]) && mayUse(x)) {
                    steps.step("releases with " + attempt.token(), a, x, released, attempt);
                }
            }
        }

        /** Whoever else holds the lock has just lost it. */
        private void grant(int a, ModelAttempt attempt) {
            for (int x = 0; x < nodes.length; x++) {
                if (attempt.grant(x) == 0 && mayUse(x)) {
                    ModelNode granted = nodes[x].granted(a, setup.taken(a));
                    steps.step("is granted", a, x, granted, attempt.withGrant(x, granted.counter()));
                }
            }
        }

        /** Of two nodes that start alike the lower number is used first; a counter that moved shows use. */
        private boolean mayUse(int x) {
            if (x == 0 || setup.has(Freedom.NODES_IN_ANY_ORDER)) {
                return true;
            }
            int before = setup.counters().get(x - 1);
            return before != setup.counters().get(x) || nodes[x - 1].counter() > before;
        }

        /** The request is repeated, and either of the two replies is the one that arrives. */
        private void grantAgain(int a, ModelAttempt attempt) {
            for (int x = 0; x < nodes.length; x++) {
                if (nodes[x].isHeldBy(a)) {
                    ModelNode again = nodes[x].granted(a, setup.taken(a));
                    ModelAttempt retried = attempt.withRetry();
                    steps.step("is granted again", a, x, again, retried);
                    steps.step("is granted again", a, x, again, retried.withGrant(x, again.counter()));
                }
            }
        }

        /** A first set of grants arrives, which fixes the token. */
        private void choose(int a, ModelAttempt attempt, int[] chosen) {
            int[] shown = showing(attempt, chosen);
            Ballot ballot = attempt.ballot();
            for (int i = chosen.length - 1; i >= 0; i--) {
                ballot = ballot.granted(chosen[i], shown[i]);
            }
            ModelAttempt updated = attempt.told(ballot);
            for (int x : chosen) {
                if (attempt.grant(x) >= ballot.token() || setup.lie() == Lie.NO_CONFIRM) {
                    updated = updated.counting(x, covers(a, updated, attempt.grant(x), attempt.grant(x)));
                }
            }
            advance("hears of a quorum", a, 0, nodes[0], updated);
        }

        /** What to show the ballot of the grants. */
        private int[] showing(ModelAttempt attempt, int[] chosen) {
            int[] grants = new int[chosen.length];
            for (int i = 0; i < chosen.length; i++) {
                grants[i] = attempt.grant(chosen[i]);
            }
            if (setup.lie() != Lie.ORDER_STATISTIC) {
                return grants;
            }
            int[] sorted = grants.clone();
            Arrays.sort(sorted);
            int larger = quorum - (setup.nodes() - sorted.length) - 1;
            int statistic = sorted[sorted.length - 1 - larger];
            return Arrays.stream(grants)
                    .map(value -> Math.min(value, statistic))
                    .toArray();
        }

        /** A late grant arrives, or a node that granted less than the token is raised to it. */
        private void hear(int a, ModelAttempt attempt, int x) {
            int token = Math.toIntExact(attempt.ballot().token());
            int shown =
                    setup.lie() == Lie.LATE_LARGER_GRANT_COUNTS ? Math.min(attempt.grant(x), token) : attempt.grant(x);
            Ballot ballot = attempt.ballot().granted(x, shown);
            if (!ballot.raises(x)) {
                ModelAttempt told = attempt.told(ballot);
                boolean truly = covers(a, told, attempt.grant(x), attempt.grant(x));
                advance("hears late of", a, x, nodes[x], shown == token ? told.counting(x, truly) : told);
            } else if (nodes[x].isHeldBy(a) || setup.lie() == Lie.BLIND_RAISE) {
                ModelAttempt told = attempt.told(ballot.raised(x));
                ModelNode lifted = nodes[x].lifted(token);
                // The ballot has heard of a grant smaller than the token, whatever was granted again since.
                int heard = Math.min(attempt.grant(x), token - 1);
                boolean truly = lifted.isHeldBy(a) && covers(a, told, heard, lifted.counter());
                advance("raises", a, x, lifted, told.counting(x, truly));
            } else {
                advance("is too late to raise", a, x, nodes[x], attempt.told(ballot.lapsed(x)));
            }
        }

        /** Whether a counter has passed through all tokens of the attempt, which was granted this at first, and has got so far. */
        private boolean covers(int a, ModelAttempt attempt, int grant, int reached) {
            return tokensOf(a, attempt).areIn(grant - setup.taken(a) + 1, reached);
        }

        private void advance(String what, int a, int x, ModelNode nodeAfter, ModelAttempt attemptAfter) {
            Ballot ballot = attemptAfter.ballot();
            Ballot.Verdict verdict = setup.lie() == Lie.NO_CONFIRM ? Ballot.Verdict.COMPLETE : ballot.verdict();
            if (verdict == Ballot.Verdict.OPEN) {
                steps.step(what, a, x, nodeAfter, attemptAfter);
                return;
            }
            if (verdict != Ballot.Verdict.COMPLETE) {
                steps.step(what + " and fails", a, x, nodeAfter, attemptAfter.givenUp(blank));
                return;
            }
            for (Invariant invariant : setup.checked()) {
                if (!holds(invariant, a, attemptAfter)) {
                    steps.violation(invariant, a, ballot.token());
                }
            }
            steps.step(what + " and is complete", a, x, nodeAfter, attemptAfter.completed(blank));
        }

        private boolean holds(Invariant invariant, int a, ModelAttempt completing) {
            ModelTokens tokens = tokensOf(a, completing);
            IntStream others = IntStream.range(0, attempts.length).filter(b -> attempts[b].isComplete());
            return switch (invariant) {
                case UNIQUE -> others.noneMatch(b -> tokens.order(tokensOf(b)) == 0);
                case CALL_ORDER -> tokens.first() > completing.base();
                case HOLD_ORDER ->
                    others.allMatch(b -> isOrderedLikeItsHolds(completing, b, tokens.order(tokensOf(b))));
                case COVERAGE -> Integer.bitCount(completing.covered()) >= quorum;
            };
        }

        /** Counters never fall, so of two attempts that a node has granted, the one with the smaller grant held it first. */
        private boolean isOrderedLikeItsHolds(ModelAttempt completing, int b, int order) {
            ModelAttempt other = attempts[b];
            return IntStream.range(0, nodes.length)
                    .filter(x -> completing.counts(x) && other.counts(x))
                    .allMatch(x -> Integer.compare(completing.grant(x), other.grant(x)) == order);
        }
    }
}
