package dev.fencepost.examples.ledger;

import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Timeline.Mark;
import dev.fencepost.examples.story.Timeline.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What goes wrong in one round, while the load goes on: a worker that is stopped right before it writes, one that is stopped wherever it is, one that is killed, a Redis node
 * that is killed and comes back, a database server that is killed in the middle of commits and comes back. For use by one thread.
 */
final class Trouble {
    static final String LATE = "late worker";
    static final String NEXT = "next worker";
    static final String STORE = "PostgreSQL";

    private static final long CENTS = 1_234;
    private static final long OTHER_CENTS = 5_000;

    private final Premises premises;
    private final Load load;
    private final Orders orders;
    private final Scale scale;

    Trouble(Premises premises, Load load, Orders orders, Scale scale) {
        this.premises = premises;
        this.load = load;
        this.orders = orders;
        this.scale = scale;
    }

    static String worker(int number) {
        return "worker " + number;
    }

    static String node(int number) {
        return "node " + number;
    }

    /** Makes all of it once, spread over a part of the load: from where on, and how much of it. */
    void round(Story story, Late late, double from, double part) throws InterruptedException {
        load.awaitDone(from + 0.1 * part);
        late.play(story);
        load.awaitDone(from + 0.25 * part);
        kill(story, Premises.NODES);
        load.awaitDone(from + 0.35 * part);
        crashDatabase(story);
        load.awaitDone(from + 0.5 * part);
        killWorker(story, 2);
        load.awaitDone(from + 0.6 * part);
        restart(story, Premises.NODES);
        load.awaitDone(from + 0.7 * part);
        stopSomewhere(story, 1);
    }

    private void kill(Story story, int number) {
        premises.node(number).kill();
        story.begin(node(number), State.DOWN, Instant.now());
        story.tell(node(number), Mark.KILLED, "SIGKILL", premises.node(number).uri() + " is killed (SIGKILL)");
    }

    private void restart(Story story, int number) {
        premises.node(number).restart();
        story.end(node(number), State.DOWN, Instant.now());
        story.tell(node(number), Mark.RESTARTED, "back", premises.node(number).uri() + " is back, with its data");
    }

    /** Stops all threads of a worker, whatever each is doing, for half as long again as its leases last. */
    private void stopSomewhere(Story story, int number) throws InterruptedException {
        load.pause(number);
        Instant stopped = Instant.now();
        story.begin(worker(number), State.PAUSED, stopped);
        story.tell(
                stopped,
                worker(number),
                Mark.PAUSED,
                "SIGSTOP",
                "process " + load.pid(number) + " is stopped in the middle of its transfers (SIGSTOP)");
        TimeUnit.MILLISECONDS.sleep(scale.lease().toMillis() * 3 / 2);
        load.resume(number);
        Instant resumed = Instant.now();
        story.end(worker(number), State.PAUSED, resumed);
        story.tell(resumed, worker(number), Mark.RESUMED, "SIGCONT", "goes on after its leases are over (SIGCONT)");
    }

    private void crashDatabase(Story story) {
        premises.postgres().kill();
        story.begin(STORE, State.DOWN, Instant.now());
        story.tell(STORE, Mark.KILLED, "SIGKILL", "is killed in the middle of commits (SIGKILL)");
        premises.postgres().restart();
        story.end(STORE, State.DOWN, Instant.now());
        story.tell(STORE, Mark.RESTARTED, "back", "is back, and has recovered what it had confirmed");
    }

    private void killWorker(Story story, int number) {
        long pid = load.pid(number);
        load.kill(number);
        story.tell(
                worker(number),
                Mark.KILLED,
                "SIGKILL",
                "process " + pid + " is killed (SIGKILL); its block is handed out again");
    }

    /**
     * A worker that is stopped beyond its leases, right before it writes; the same order is delivered to another one meanwhile, which carries it out, and one more from the same
     * account.
     *
     * <p>Nothing in it depends on timing. The late one says that it is about to write and waits for the word to go on, which is sent while it is stopped. That its leases are
     * over is seen from the other one, who gets the locks.
     */
    final class Late {
        private final Clerk late;
        private final Clerk next;
        private final List<WorkerEvent> endings = new ArrayList<>();

        Late(Clerk late, Clerk next) {
            this.late = late;
            this.next = next;
        }

        /** How each of the late writes ended: {@link Kind#REFUSED}, or {@link Kind#DONE} where nobody refused it. */
        List<WorkerEvent> endings() {
            return List.copyOf(endings);
        }

        void play(Story story) {
            int shift = 3 * endings.size();
            int account = 1 + shift % scale.accounts();
            Transfer order = orders.order(account, 1 + (shift + 1) % scale.accounts(), CENTS);
            Transfer other = orders.order(account, 1 + (shift + 2) % scale.accounts(), OTHER_CENTS);
            late.tell("stepwise", order);
            WorkerEvent about = late.await(Kind.ABOUT_TO_WRITE);
            tellAboutToWrite(story, order, about);
            late.pause();
            story.begin(LATE, State.PAUSED, Instant.now());
            story.tell(LATE, Mark.PAUSED, "SIGSTOP", "process " + late.pid() + " is stopped (SIGSTOP)");

            carryOut(story, order, "the same order");
            carryOut(story, other, "one more from " + Ledger.resource(account));

            late.tell("go");
            Instant resumed = Instant.now();
            late.resume();
            story.end(LATE, State.PAUSED, resumed);
            story.tell(
                    resumed, LATE, Mark.RESUMED, "SIGCONT", "wakes up (SIGCONT) and goes on as if no time had passed");
            tellEnding(story, order, late.await(Kind.REFUSED, Kind.DONE));
        }

        private void tellAboutToWrite(Story story, Transfer order, WorkerEvent about) {
            Instant leaseEnd = about.at().plusNanos(1_000 * about.facts().number("remainingMicros"));
            story.begin(LATE, State.HELD, about.at());
            story.tell(
                    about.at(),
                    LATE,
                    Mark.READ,
                    "transfer " + order.id(),
                    "holds " + about.facts().texts("tokens")
                            + ", has read both balances, and is about to post transfer " + order.id());
            story.end(LATE, State.HELD, leaseEnd);
            story.begin(LATE, State.OVERDUE, leaseEnd);
        }

        private void carryOut(Story story, Transfer transfer, String what) {
            next.tell("transfer", transfer);
            WorkerEvent done = next.await(Kind.DONE);
            story.tell(
                    done.at(),
                    NEXT,
                    Mark.ADMITTED,
                    "transfer " + transfer.id(),
                    "is given " + what + ", and posts transfer " + transfer.id());
        }

        private void tellEnding(Story story, Transfer order, WorkerEvent ending) {
            endings.add(ending);
            story.end(LATE, State.OVERDUE, ending.at());
            if (ending.kind() == Kind.DONE) {
                story.tell(
                        ending.at(),
                        LATE,
                        Mark.ADMITTED,
                        "posted again",
                        "posts transfer " + order.id() + " once more");
                return;
            }
            story.tell(
                    ending.at(),
                    LATE,
                    Mark.REFUSED,
                    "refused",
                    "is refused: " + ending.facts().text("message"));
            WorkerEvent done = late.await(Kind.DONE);
            story.tell(
                    done.at(),
                    LATE,
                    Mark.READ,
                    "done already",
                    "tries again with new leases, and finds transfer " + order.id() + " in the books");
        }
    }
}
