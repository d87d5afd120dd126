package dev.fencepost.chaos;

import dev.fencepost.chaos.nemesis.Fault;
import dev.fencepost.chaos.work.Point;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stops of a worker at named points. */
final class Pauses {
    private Pauses() {}

    /** Nothing happens if no thread comes by soon. */
    static Fault at(Point point, Member member, Duration least) {
        AtomicBoolean reached = new AtomicBoolean();
        return new Fault(
                "pause " + Names.of(point), member.name(), least, () -> reached.set(member.pauseAt(point)), () -> {
                    if (reached.get()) {
                        member.resumeAtPoint();
                    }
                });
    }

    /** Both stop when they have read; the one that read first writes first, though the other one has the lock by then. */
    static Fault overtaking(Member late, Member next) {
        AtomicBoolean lateStopped = new AtomicBoolean();
        AtomicBoolean nextStopped = new AtomicBoolean();
        return new Fault(
                "overtake",
                late.name() + ", " + next.name(),
                Duration.ZERO,
                () -> {
                    lateStopped.set(late.pauseAt(Point.BETWEEN_READ_AND_WRITE));
                    nextStopped.set(lateStopped.get() && next.pauseAt(Point.BETWEEN_READ_AND_WRITE));
                    if (lateStopped.get()) {
                        late.resumeAtPoint();
                    }
                },
                () -> {
                    if (nextStopped.get()) {
                        next.resumeAtPoint();
                    }
                });
    }
}
