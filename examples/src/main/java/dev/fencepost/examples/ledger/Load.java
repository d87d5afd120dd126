package dev.fencepost.examples.ledger;

import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.servers.ServerException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Hands the transfers of the workload to several processes, a block at a time. A block whose worker died is handed out again, whatever of it was done.
 *
 * <p>Each process has a thread here that talks to it; {@link #pause}, {@link #resume} and {@link #kill} may be called from another one.
 */
final class Load implements AutoCloseable {
    private final Scale scale;
    private final IntFunction<Clerk> hire;
    private final List<Clerk> clerks = new ArrayList<>();
    private final Set<Clerk> killed = new HashSet<>();
    private final Deque<Long> blocks = new ArrayDeque<>();
    private final Tally tally = new Tally();
    private final ExecutorService feeders;
    private final List<Future<?>> feeding = new ArrayList<>();
    private final long total;
    private long done;
    private Optional<RuntimeException> failure = Optional.empty();

    private Load(Scale scale, IntFunction<Clerk> hire) {
        this.scale = scale;
        this.hire = hire;
        this.feeders = Executors.newFixedThreadPool(scale.workers());
        for (long first = 1; first <= scale.transfers(); first += scale.block()) {
            blocks.add(first);
        }
        this.total = blocks.size();
    }

    /**
     * Starts the processes and, once all are ready, the work.
     *
     * @param hire starts the process with that number, counted from 1
     */
    static Load start(Scale scale, IntFunction<Clerk> hire) {
        Load load = new Load(scale, hire);
        try {
            for (int number = 1; number <= scale.workers(); number++) {
                load.clerks.add(hire.apply(number));
            }
            load.clerks.forEach(clerk -> clerk.await(Kind.READY));
        } catch (RuntimeException e) {
            load.close();
            throw e;
        }
        for (int number = 1; number <= scale.workers(); number++) {
            int mine = number;
            load.feeding.add(load.feeders.submit(() -> load.feed(mine)));
        }
        return load;
    }

    /** Stops a process where it is (SIGSTOP). */
    void pause(int number) {
        clerk(number).pause();
    }

    /** Lets a process go on (SIGCONT). */
    void resume(int number) {
        clerk(number).resume();
    }

    /** Ends a process at once (SIGKILL). Another one takes its place. */
    synchronized void kill(int number) {
        Clerk clerk = clerk(number);
        killed.add(clerk);
        clerk.close();
    }

    long pid(int number) {
        return clerk(number).pid();
    }

    /** Waits until so much of the work is done, from 0 to 1, or somebody has failed. */
    synchronized void awaitDone(double part) throws InterruptedException {
        while (done < part * total && failure.isEmpty()) {
            wait();
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Waits until all work is done, and returns what was counted on the way. */
    Tally finish() throws InterruptedException {
        for (Future<?> feeder : feeding) {
            try {
                feeder.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a feeder failed", e);
            }
        }
        awaitDone(1);
        return tally;
    }

    @Override
    public void close() {
        feeders.shutdownNow();
        synchronized (this) {
            clerks.forEach(Clerk::close);
        }
    }

    private void feed(int number) {
        try {
            for (Optional<Long> block = take(); block.isPresent(); block = take()) {
                carryOut(number, block.get());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void carryOut(int number, long first) {
        Clerk clerk = clerk(number);
        try {
            clerk.tell("block " + first + " " + Math.min(scale.block(), scale.transfers() - first + 1));
            tally.add(clerk.await(Kind.DONE).facts());
            finished();
        } catch (ServerException e) {
            if (!isKilled(clerk)) {
                throw e;
            }
            giveBack(first);
            replace(number);
        }
    }

    private void replace(int number) {
        Clerk fresh = hire.apply(number);
        synchronized (this) {
            clerks.set(number - 1, fresh);
        }
        fresh.await(Kind.READY);
    }

    private synchronized boolean isKilled(Clerk clerk) {
        return killed.contains(clerk);
    }

    private synchronized Clerk clerk(int number) {
        return clerks.get(number - 1);
    }

    /** The next block; waits while there is none but somebody might still give one back. */
    private synchronized Optional<Long> take() throws InterruptedException {
        while (blocks.isEmpty() && done < total && failure.isEmpty()) {
            wait();
        }
        return failure.isPresent() ? Optional.empty() : Optional.ofNullable(blocks.poll());
    }

    private synchronized void giveBack(long first) {
        blocks.addFirst(first);
        notifyAll();
    }

    private synchronized void finished() {
        done++;
        notifyAll();
    }

    private synchronized void fail(RuntimeException e) {
        failure = Optional.of(e);
        notifyAll();
    }
}
