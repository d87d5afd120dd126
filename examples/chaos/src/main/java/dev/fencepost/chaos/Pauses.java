package dev.fencepost.chaos;

import dev.fencepost.chaos.nemesis.Fault;
import dev.fencepost.chaos.work.Point;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stops of a worker at named points. */
final class Pauses {
    private Pauses() {}

    static String title(Point point) {
        return "pause " + Names.of(point);
    }

    /** Nothing happens if no thread comes by soon. */
    static Fault at(Point point, Member member, Duration least) {
        AtomicBoolean reached = new AtomicBoolean();
        return new Fault(title(point), member.name(), least, () -> reached.set(member.pauseAt(point)), () -> {
            if (reached.get()) {
                member.resumeAtPoint();
            }
            return reached.get();
        });
    }
}
