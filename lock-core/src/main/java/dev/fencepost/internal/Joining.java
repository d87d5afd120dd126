package dev.fencepost.internal;

import dev.fencepost.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that nodes take part that may, that those which have forgotten are brought back, that changes of the set of nodes are finished, and that this client knows which nodes make the cluster, and which view is established. Works in {@link Round}s, one at a
 * time: when a node asks for attention, when one names a view that is not known, and when something is due. Where nothing has happened there is none.
 *
 * <p>Any number of clients do the same at the same time. Each step is one atomic step on one node, and right whoever else has done what meanwhile; a client that dies in between leaves
 * nothing that another could not go on from.
 *
 * <p>The monitor guards the fields; nobody is told or asked anything under it.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    /** After so many rounds the view of a node is left alone: whoever has moved it there may have died, and the next attempt finds out. */
    private static final int MOST_ROUNDS = 6;

    private final Quorum quorum;
    private final Returns returns;
    private final List<Wish> wishes = new ArrayList<>();
    private boolean running;
    private boolean again;
    /** Written under the monitor, and read by every attempt without it. */
    private volatile long rounds;

    private boolean closed;
    /** How often in a row nodes were seen in a view that is not established, or on their way into another set. */
    private int lagging;

    private Scheduler.@Nullable Task next;

    /** Somebody who waits for a view to be established, or for so many rounds to be over. */
    private static final class Wish {
        private final long view;
        private final int most;
        private final CompletableFuture<Boolean> granted = new CompletableFuture<>();
        private int rounds;

        private Wish(long view, int most) {
            this.view = view;
            this.most = most;
        }
    }

    Joining(Quorum quorum) {
        this.quorum = quorum;
        this.returns = new Returns(quorum);
    }

    void start() {
        for (int i = 0; i < quorum.size(); i++) {
            quorum.membership(i).onAttention(this::attend);
        }
    }

    /** Completes with whether attempts can begin in this view or a later one, within the node timeout. */
    CompletionStage<Boolean> catchUp(long view) {
        if (quorum.view().number() >= view) {
            return CompletableFuture.completedStage(true);
        }
        CompletionStage<Boolean> granted =
                granted(new Wish(view, MOST_ROUNDS), () -> quorum.view().number() >= view);
        attend();
        return granted;
    }

    private CompletionStage<Boolean> granted(Wish wish, BooleanSupplier orElse) {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedStage(false);
            }
            wishes.add(wish);
        }
        Scheduler.Task timeout = quorum.schedule(quorum.settings().nodeTimeout(), () -> {
            synchronized (this) {
                wishes.remove(wish);
            }
            wish.granted.complete(orElse.getAsBoolean());
        });
        CompletionStage<Boolean> granted = wish.granted;
        return granted.whenComplete((reached, failure) -> timeout.cancel());
    }

    /** How many rounds are over. */
    long rounds() {
        return rounds;
    }

    /**
     * What was refused may be granted now, or in a moment, if nodes have been looked at since, are just being looked at, or are known to be on their way somewhere.
     *
     * @param since how many rounds were over when it was asked for
     * @return completes when they have been looked at, with whether that was within the node timeout; empty if there is nothing to wait for
     */
    Optional<CompletionStage<Boolean>> settling(long since) {
        synchronized (this) {
            if (rounds > since) {
                return Optional.of(CompletableFuture.completedStage(true));
            }
            if (!running && lagging == 0) {
                return Optional.empty();
            }
        }
        return Optional.of(granted(new Wish(Long.MAX_VALUE, 1), () -> false));
    }

    void close() {
        List<Wish> left;
        Scheduler.Task due;
        synchronized (this) {
            closed = true;
            due = next;
            left = List.copyOf(wishes);
            wishes.clear();
        }
        if (due != null) {
            due.cancel();
        }
        left.forEach(wish -> wish.granted.complete(false));
    }

    /** Something may have changed: looks at all nodes, now or after the look that is under way. */
    void attend() {
        int before;
        synchronized (this) {
            if (closed) {
                return;
            }
            again = running;
            if (running) {
                return;
            }
            running = true;
            before = lagging;
            Scheduler.Task due = next;
            if (due != null) {
                due.cancel();
            }
        }
        // Whatever is thrown in the first step counts as a failure as well.
        CompletionStage<Integer> begin = CompletableFuture.completedStage(before);
        begin.thenCompose(times -> new Round(quorum, returns, times).run()).whenComplete((result, failure) -> {
            if (failure != null) {
                LOG.warn("looking at the nodes failed; it is tried again", failure);
            }
            over(failure == null ? result : Round.Result.FAILED);
        });
    }

    private void over(Round.Result result) {
        List<Wish> decided = new ArrayList<>();
        boolean now;
        Optional<Duration> due = result.next();
        synchronized (this) {
            running = false;
            rounds++;
            lagging = result.lagging() ? lagging + 1 : 0;
            for (Wish wish : List.copyOf(wishes)) {
                wish.rounds++;
                if (quorum.view().number() >= wish.view || wish.rounds >= wish.most) {
                    wishes.remove(wish);
                    decided.add(wish);
                }
            }
            now = again || result.again();
            again = false;
            if (!now && due.isEmpty() && !wishes.isEmpty()) {
                due = Optional.of(Round.SOON);
            }
            if (!now && due.isPresent() && !closed) {
                next = quorum.schedule(due.get(), this::attend);
            }
        }
        // First, so that whoever begins anew and is refused again finds that it goes on.
        if (now) {
            attend();
        }
        decided.forEach(wish -> wish.granted.complete(
                wish.view == Long.MAX_VALUE || quorum.view().number() >= wish.view));
    }
}
