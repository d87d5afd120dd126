package dev.fencepost.examples.recipes;

import dev.fencepost.FencepostException;
import dev.fencepost.FencepostException.Advice;
import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of many instances leads; when it goes away, another one does.
 *
 * <p><b>Guaranteed:</b> each election has a {@code term}, the fencing token of the lease, which is larger than that of every election that was over before. {@link Duties#deposed}
 * follows each {@link Duties#elected} once. <b>Not guaranteed:</b> that there is one leader at a time. An instance that is stopped does not notice that it is deposed, and goes on where it was when it
 * wakes up. So a leader writes with its term, through the guard, and the store refuses what a deposed one writes.
 *
 * <p>The client has to be one with automatic extension ({@code autoExtend()}): a term lasts for as long as the lease is extended.
 */
public final class Leader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Leader.class);
    private static final Duration CAMPAIGN = Duration.ofMinutes(1);

    private final LockClient locks;
    private final String office;
    private final Duties duties;
    private final Thread campaign;
    private volatile boolean resigned;
    private volatile Optional<Lease> held = Optional.empty();

    /** What a leader does. Both are called on one thread, in turn; what they throw is logged. */
    public interface Duties {
        /** This instance leads from now on. To return soon: start what is to be done, rather than do it here. */
        void elected(FencingToken term);

        /**
         * This instance leads no more: stop what was started. Called as soon as the loss is noticed; when the leader resigns, before anybody else can be elected.
         */
        void deposed(FencingToken term);
    }

    private Leader(LockClient locks, String office, Duties duties) {
        this.locks = locks;
        this.office = office;
        this.duties = duties;
        this.campaign = new Thread(this::campaign, "campaign for " + office);
        campaign.setDaemon(true);
    }

    /**
     * Runs for an office, and again after each term, until closed.
     *
     * @param locks with automatic extension
     * @param office the name of the lock
     * @param duties what to do in office
     */
    public static Leader campaign(LockClient locks, String office, Duties duties) {
        Leader leader = new Leader(locks, FencingToken.requireResource(office), duties);
        leader.campaign.start();
        return leader;
    }

    /** The term that this instance leads in, as far as it knows; empty when it does not lead. */
    public Optional<FencingToken> term() {
        return held.filter(Lease::isHeld).map(Lease::token);
    }

    /**
     * Resigns, or ends the campaign. Returns when {@link Duties#deposed} has, and the office is free; when it is one of the duties that resigns, at once, and the rest follows when
     * that duty has returned.
     */
    @Override
    public void close() {
        resigned = true;
        campaign.interrupt();
        boolean interrupted = false;
        while (campaign.isAlive() && campaign != Thread.currentThread()) {
            try {
                campaign.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void campaign() {
        while (!resigned) {
            try (Lease lease = locks.acquire(office, CAMPAIGN)) {
                lead(lease);
            } catch (IllegalStateException e) {
                if (!resigned) {
                    log.error("the campaign for {} is over: the client was closed before it", office, e);
                }
                return;
            } catch (FencepostException e) {
                // Somebody else leads, or too few nodes are there: both pass. The next try waits, so that this is no
                // hot loop.
                if (!resigned && e.advice() == Advice.STOP) {
                    log.error("the campaign for {} is over", office, e);
                    return;
                }
            }
        }
    }

    private void lead(Lease lease) {
        CountDownLatch lost = new CountDownLatch(1);
        lease.onLost(lost::countDown);
        held = Optional.of(lease);
        call("elected", () -> duties.elected(lease.token()));
        try {
            lost.await();
        } catch (InterruptedException resigning) {
            // By close(), which has said so before. The interruption must not reach the duties that follow.
        } finally {
            held = Optional.empty();
            call("deposed", () -> duties.deposed(lease.token()));
        }
    }

    private void call(String what, Runnable duty) {
        try {
            duty.run();
        } catch (RuntimeException e) {
            log.warn("{} failed for {}", what, office, e);
        }
    }
}
