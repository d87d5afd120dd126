package dev.fencepost.examples.ledger;

import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.ledger.Premises.Office;
import dev.fencepost.examples.story.ActReport;
import dev.fencepost.examples.story.Chart;
import dev.fencepost.examples.story.Findings;
import dev.fencepost.examples.story.Heading;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Table;
import dev.fencepost.jdbc.StaleTokenException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A whole run with the guard, or without it: the same orders, the same trouble, and an audit at the end. */
final class BankAct {
    /** So many rounds of trouble are drawn; what happens in the others is printed. */
    private static final int DRAWN = 2;

    private static final int SHOWN = 10;

    private final Protection protection;
    private final Scale scale;

    BankAct(Protection protection, Scale scale) {
        this.protection = protection;
        this.scale = scale;
    }

    Heading heading() {
        String trouble =
                " Workers are stopped beyond their leases and killed, a Redis node is killed and comes back, and so"
                        + " does the database server.";
        return protection == Protection.GUARD
                ? new Heading(
                        "with-the-guard",
                        "With the guard, the books balance to the cent",
                        "The same orders and the same trouble. Every transaction claims the tokens of its two accounts, and the database"
                                + " refuses every other write to the books. Whoever comes late is refused, takes the locks again, and finds"
                                + " what has been done meanwhile.")
                : new Heading(
                        "without-the-guard",
                        "Without the guard, the books do not balance",
                        "Several processes move money between accounts, each transfer under the locks of both."
                                + trouble
                                + " The locks are right all the time; a worker that wakes up after its leases are over writes what it had"
                                + " computed before.");
    }

    /** Plays it. */
    ActReport play(Premises premises, PrintStream out) {
        premises.heal();
        Story story = new Story(lanes(), out);
        return ActReport.of(heading(), story, findings -> {
            try {
                play(premises, story, new Story(lanes(), out), findings);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the bank was open", e);
            }
        });
    }

    private List<String> lanes() {
        List<String> lanes = new ArrayList<>(List.of(Trouble.LATE, Trouble.NEXT));
        for (int number = 1; number <= scale.workers(); number++) {
            lanes.add(Trouble.worker(number));
        }
        lanes.add(Trouble.node(Premises.NODES));
        lanes.add(Trouble.STORE);
        return lanes;
    }

    private void play(Premises premises, Story drawn, Story printed, Findings findings) throws InterruptedException {
        Office office = premises.newOffice(scale, protection);
        Orders orders = new Orders(scale.workload(), scale.transfers());
        try (Clerk late = hire(office, Trouble.LATE);
                Clerk next = hire(office, Trouble.NEXT);
                Load load = Load.start(scale, number -> hire(office, Trouble.worker(number)))) {
            late.await(Kind.READY);
            next.await(Kind.READY);
            long startNanos = System.nanoTime();
            Trouble trouble = new Trouble(premises, load, orders, scale);
            Trouble.Late lateWrites = trouble.new Late(late, next);
            for (int round = 0; round < scale.rounds(); round++) {
                double part = 1.0 / scale.rounds();
                trouble.round(round < DRAWN ? drawn : printed, lateWrites, round * part, part);
            }
            Map<String, Object> counts = load.finish().counts();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            Audit audit = Audit.of(office.owner(), orders);
            report(findings, audit, orders, lateWrites.endings());
            findings.chart(differences(audit));
            findings.table(figures(counts, audit, orders, seconds));
            findings.table(accounts(audit));
            findings.fact("counts", counts);
            findings.fact("seconds", Math.round(seconds * 10) / 10.0);
        }
    }

    private Clerk hire(Office office, String name) {
        return Clerk.start(office.settings(name), scale);
    }

    private void report(Findings findings, Audit audit, Orders orders, List<WorkerEvent> endings) {
        findings.fact("ordered", orders.count());
        findings.fact("decided", audit.decided());
        findings.fact("missing", audit.missing());
        findings.fact("doubled", audit.doubled());
        findings.fact("outOfBalance", audit.outOfBalance().size());
        findings.fact("centsTooMany", audit.tooMany());
        if (protection == Protection.LOCK_ONLY) {
            findings.check(
                    "every late write went through", endings.stream().allMatch(ending -> ending.kind() == Kind.DONE));
            findings.check("transfers are posted twice", audit.doubled() >= endings.size());
            findings.check("the books do not balance", !audit.outOfBalance().isEmpty());
            return;
        }
        findings.check("every late write was refused", endings.stream().allMatch(BankAct::isStale));
        findings.check("all " + orders.count() + " transfers are in the books: none is lost", audit.missing() == 0);
        findings.check("no transfer is posted twice", audit.doubled() == 0);
        findings.check(
                "every transfer is what was ordered, with exactly its postings",
                audit.altered() + audit.malformed() == 0);
        findings.check(
                "each account has what it began with and its postings, to the cent",
                audit.outOfBalance().isEmpty());
        findings.check("all accounts together have what they began with", audit.tooMany() == 0);
        findings.check("no account has less than nothing", audit.overdrawn() == 0);
    }

    private static boolean isStale(WorkerEvent ending) {
        return ending.kind() == Kind.REFUSED
                && ending.facts().text("exception").equals(StaleTokenException.class.getSimpleName());
    }

    private Table figures(Map<String, Object> counts, Audit audit, Orders orders, double seconds) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("transfers ordered", shown(orders.count())));
        rows.add(List.of("missing", shown(audit.missing())));
        rows.add(List.of("posted twice", shown(audit.doubled())));
        rows.add(List.of("accounts out of balance", shown(audit.outOfBalance().size()) + " of " + scale.accounts()));
        rows.add(List.of("cents too many, or too few", shown(audit.tooMany())));
        rows.add(List.of("accounts overdrawn", shown(audit.overdrawn())));
        counts.forEach((name, count) -> rows.add(List.of("seen by workers: " + name, shown((Number) count))));
        rows.add(List.of("seconds", String.format(Locale.ROOT, "%.1f", seconds)));
        return new Table("the audit, and what workers saw on the way", List.of("", ""), rows);
    }

    private static Chart differences(Audit audit) {
        return new Chart(
                "what each account has beyond what its postings say, in cents",
                audit.accounts().stream()
                        .map(account -> new Chart.Value(Ledger.resource(account.id()), account.difference()))
                        .toList());
    }

    private static Table accounts(Audit audit) {
        List<Audit.Account> wrong = audit.outOfBalance();
        boolean none = wrong.isEmpty();
        List<Audit.Account> shown = (none ? audit.accounts() : wrong)
                .stream()
                        .sorted(Comparator.comparingLong((Audit.Account account) -> -Math.abs(account.difference()))
                                .thenComparing(Audit.Account::id))
                        .limit(SHOWN)
                        .toList();
        String title = none
                ? "the first " + shown.size() + " of " + audit.accounts().size() + " accounts, in cents"
                : "the worst " + shown.size() + " of " + wrong.size() + " accounts that are out of balance, in cents";
        return new Table(
                title,
                List.of("account", "opening", "balance", "by its postings", "difference"),
                shown.stream()
                        .map(account -> List.of(
                                Integer.toString(account.id()),
                                shown(account.opening()),
                                shown(account.balance()),
                                shown(account.posted()),
                                shown(account.difference())))
                        .toList());
    }

    private static String shown(Number number) {
        return String.format(Locale.ROOT, "%,d", number.longValue());
    }
}
