package dev.fencepost.examples.ledger;

import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.story.ActReport;
import dev.fencepost.examples.story.Narrator;
import dev.fencepost.examples.story.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the ledger on real processes under trouble, without the guard and with it, prints what happens, and writes it as a page and as JSON.
 *
 * <p>Takes the directory for both, and how many transfers to order in each of the two runs. The exit code is 0 when everything went as it should, and 1 otherwise.
 */
public final class Bank {
    static final Report.Page PAGE = new Report.Page("ledger", "Fencepost: a ledger under trouble");

    private Bank() {}

    /** Plays both. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException(
                    "arguments must be a directory and a number of transfers, but are " + List.of(arguments));
        }
        Path directory = Path.of(arguments[0]);
        Report report = run(Scale.of(Long.parseLong(arguments[1])), System.out);
        report.write(directory);
        System.out.println();
        System.out.println((report.ok() ? "Both runs went as they should. " : "NOT BOTH RUNS WENT AS THEY SHOULD. ")
                + "The same as a page: " + directory.resolve(PAGE.html()));
        if (!report.ok()) {
            System.exit(1);
        }
    }

    static Report run(Scale scale, PrintStream out) {
        Narrator narrator = new Narrator(out);
        try (Premises premises = Premises.open()) {
            narrator.open("Fencepost, a ledger of several processes", premises.environment());
            List<ActReport> reports = new ArrayList<>();
            for (Protection protection : List.of(Protection.LOCK_ONLY, Protection.GUARD)) {
                BankAct act = new BankAct(protection, scale);
                narrator.announce(reports.size() + 1, act.heading());
                ActReport report = act.play(premises, out);
                narrator.conclude(report);
                reports.add(report);
            }
            return new Report(PAGE, premises.environment(), reports);
        }
    }
}
