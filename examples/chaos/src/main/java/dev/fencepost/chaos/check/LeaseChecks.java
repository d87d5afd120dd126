package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.FaultFact;
import dev.fencepost.chaos.history.History;
import dev.fencepost.chaos.history.LeaseFact;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Leases: how long they last, and who is told what of it. */
final class LeaseChecks {
    /** What the protocol leaves of a lease for clocks that do not run alike, beside a hundredth of it. */
    private static final long DRIFT_NANOS = Duration.ofMillis(2).toNanos();

    /** How late the news of a loss may come to a process that is not stopped. A machine may be busy. */
    private static final long TOLD_WITHIN = Duration.ofSeconds(5).toNanos();

    private LeaseChecks() {}

    static void deadline(History history, Findings findings) {
        for (LeaseFact lease : history.leases()) {
            LeaseFact.Terms terms = lease.terms();
            if (terms.firstSend() != LeaseFact.UNSEEN) {
                long latest = terms.firstSend() + terms.ttlNanos() - terms.ttlNanos() / 100 - DRIFT_NANOS;
                findings.expect(
                        terms.deadline() <= latest,
                        () -> lease.holder() + " was to last " + (terms.deadline() - latest) / 1_000
                                + " us longer than it may");
            }
        }
    }

    /** Along the beginnings of their use: nobody begins before everybody before has ended. */
    static void disjoint(History history, Findings findings) {
        List<Span> insane = insane(history);
        for (List<LeaseFact> leases : TokenChecks.byResource(history).values()) {
            List<LeaseFact> inTime = new ArrayList<>(leases);
            inTime.sort(Comparator.comparingLong(lease -> lease.used().from()));
            LeaseFact last = null;
            for (LeaseFact lease : inTime) {
                if (!lease.wasUsed() || isInsane(lease, insane)) {
                    continue;
                }
                if (last != null) {
                    LeaseFact before = last;
                    findings.expect(
                            before.used().to() < lease.used().from(),
                            () -> before.holder() + " of " + before.worker() + " and " + lease.holder() + " of "
                                    + lease.worker() + " were held together for "
                                    + (before.used().to() - lease.used().from()) / 1_000 + " us or more");
                }
                if (last == null || lease.used().to() > last.used().to()) {
                    last = lease;
                }
            }
        }
    }

    static void lossIsTold(History history, Findings findings) {
        for (Observation observation : history.observations()) {
            if (observation instanceof Observation.Loss loss) {
                long paused = paused(history, loss);
                findings.expect(
                        loss.told() != LeaseFact.NEVER && loss.told() - loss.deadline() - paused <= TOLD_WITHIN,
                        () -> loss.worker() + " was not told in time that " + loss.holder() + " is lost");
            }
        }
    }

    static void recovery(History history, Findings findings) {
        for (Observation observation : history.observations()) {
            if (observation instanceof Observation.Recovery recovery) {
                long took = recovery.span().to() - recovery.span().from();
                findings.expect(
                        recovery.acquired() && took <= recovery.bound(),
                        () -> recovery.who() + (recovery.acquired() ? " acquired " : " had not acquired ")
                                + took / 1_000_000 + " ms after everything was healed; allowed are "
                                + recovery.bound() / 1_000_000);
            }
        }
    }

    /** How long the process was stopped between the deadline and the news, at most. */
    private static long paused(History history, Observation.Loss loss) {
        if (loss.told() < loss.deadline() || loss.told() == LeaseFact.NEVER) {
            return 0;
        }
        Span waiting = new Span(loss.deadline(), loss.told());
        return history.world().faults().stream()
                .filter(fault ->
                        fault.target().equals(loss.worker()) && fault.span().touches(waiting))
                .mapToLong(fault -> fault.span().to() - fault.span().from())
                .sum();
    }

    private static boolean isInsane(LeaseFact lease, List<Span> insane) {
        Span touched = new Span(lease.asked().from(), lease.used().to());
        return insane.stream().anyMatch(touched::touches);
    }

    /** A lease that was taken before a jump may end early because of it, and one taken during it, too. */
    private static List<Span> insane(History history) {
        return history.world().faults().stream()
                .filter(FaultFact::isOfClocks)
                .map(FaultFact::span)
                .toList();
    }
}
