package dev.fencepost.examples.recipes;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.LockTimeoutException;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.StaleTokenException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/**
 * A scheduled job that runs once per tick, however many instances have the same schedule: each calls {@link #run} at each tick.
 *
 * <p>The job is done in steps, each a transaction that also notes where the job has come to. So it can be as long as it likes, and whoever takes it over goes on where the last one was.
 *
 * <p><b>Guaranteed:</b> what the steps write through their handle is written once per tick, whatever becomes of the lock: a holder that has been overtaken is refused at its next step, with everything in
 * that step rolled back. <b>Not guaranteed:</b> anything about what a step does elsewhere. What must reach somebody once (a mail, a payment) goes into an outbox in the same step.
 */
public final class TickJob {
    /** Long enough for one of those who call at the same moment to get in, and no longer than anybody minds to wait for somebody who is at it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String BEGIN = sql("begin-tick");
    private static final String READ = sql("read-tick");
    private static final String ADVANCE = sql("advance-tick");

    private final String name;
    private final LockClient locks;
    private final FenceGuard guard;

    /** A job of that name. All instances of it have the same name. */
    public TickJob(String name, LockClient locks, FenceGuard guard) {
        this.name = name;
        this.locks = locks;
        this.guard = guard;
    }

    /** One step of a job. */
    @FunctionalInterface
    public interface Step {
        /**
         * Does the next part of the work.
         *
         * @param handle in the transaction of this step
         * @param position how much of the tick's work is done
         * @return how much is done after this step; the same position when there is no more to do
         */
        long next(Handle handle, long position);
    }

    /** What came of a call. */
    public enum Result {
        /** The tick's work is finished, and this call did the last of it. */
        FINISHED,
        /** The tick's work had been finished before. */
        FINISHED_BEFORE,
        /** Another instance is at it. Should it die, the tick is not finished: call again for it, and whoever gets in goes on. */
        ELSEWHERE,
        /** Another instance has taken over in the middle. */
        TAKEN_OVER
    }

    /** What is locked. */
    String resource() {
        return "job/" + name;
    }

    /**
     * Does a tick's work, or what is left of it, unless somebody else is at it. All instances call at the same moment, and one of them gets in; the others find out within about two seconds.
     *
     * @param tick when the work was due, the same for all instances: by the schedule, not by the clock
     * @param step what to do
     * @return what came of it
     * @throws FencepostException that the locks or the guard throw; call again for the same tick
     */
    public Result run(Instant tick, Step step) {
        Lease lease;
        try {
            // Not tryAcquire: of those who try at the same moment, each may get some of the nodes and none a majority.
            lease = locks.acquire(resource(), PATIENCE);
        } catch (LockTimeoutException e) {
            return Result.ELSEWHERE;
        }
        try (lease) {
            return work(lease.token(), tick.atOffset(ZoneOffset.UTC), step);
        } catch (StaleTokenException e) {
            return Result.TAKEN_OVER;
        }
    }

    private Result work(FencingToken token, OffsetDateTime tick, Step step) {
        boolean worked = false;
        while (true) {
            Progress progress = guard.writeReturning(token, oneStep(tick, step));
            if (progress.finished()) {
                return worked || progress.now() ? Result.FINISHED : Result.FINISHED_BEFORE;
            }
            worked = true;
        }
    }

    /**
     * Where a tick is after a step.
     *
     * @param finished whether there is no more to do
     * @param now whether the step found that out, rather than read it
     */
    private record Progress(boolean finished, boolean now) {}

    private HandleCallback<Progress, RuntimeException> oneStep(OffsetDateTime tick, Step step) {
        return handle -> {
            handle.createUpdate(BEGIN).bind("job", name).bind("tick", tick).execute();
            Tick found = handle.createQuery(READ)
                    .bind("job", name)
                    .bind("tick", tick)
                    .map((row, context) -> new Tick(row.getLong("position"), row.getBoolean("finished")))
                    .one();
            if (found.finished()) {
                return new Progress(true, false);
            }
            long position = step.next(handle, found.position());
            boolean finished = position == found.position();
            handle.createUpdate(ADVANCE)
                    .bind("job", name)
                    .bind("tick", tick)
                    .bind("position", position)
                    .bind("finished", finished)
                    .execute();
            return new Progress(finished, finished);
        };
    }

    private record Tick(long position, boolean finished) {}

    private static String sql(String file) {
        return ClasspathSqlLocator.create().getResource("dev/fencepost/examples/recipes/" + file + ".sql");
    }
}
