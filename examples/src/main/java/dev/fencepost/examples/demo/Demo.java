package dev.fencepost.examples.demo;

import dev.fencepost.examples.story.ActReport;
import dev.fencepost.examples.story.Narrator;
import dev.fencepost.examples.story.Report;
import dev.fencepost.examples.story.Story;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays the acts on real processes, prints them as a story, and writes them as a page and as JSON.
 *
 * <p>Takes the directory for both as its argument. The exit code is 0 when every act went as it should, and 1 otherwise.
 */
public final class Demo {
    /** What the page is called. */
    static final Report.Page PAGE = new Report.Page("demo", "Fencepost: the main job in four acts");

    private final PrintStream out;

    Demo(PrintStream out) {
        this.out = out;
    }

    /** Plays all acts. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments.length == 0 ? "target/report" : arguments[0]);
        if (!new Demo(System.out).run(directory)) {
            System.exit(1);
        }
    }

    private boolean run(Path directory) throws IOException {
        Narrator narrator = new Narrator(out);
        try (Stage stage = Stage.open()) {
            narrator.open("Fencepost, the main job on real processes", stage.environment());
            List<ActReport> reports = new ArrayList<>();
            for (Act act : acts()) {
                narrator.announce(reports.size() + 1, act.heading());
                ActReport report = play(act, stage);
                narrator.conclude(report);
                reports.add(report);
            }
            Report report = new Report(PAGE, stage.environment(), reports);
            report.write(directory);
            out.println();
            out.println((report.ok() ? "Every act went as it should. " : "NOT EVERY ACT WENT AS IT SHOULD. ")
                    + "The same as a page: " + directory.resolve(PAGE.html()));
            return report.ok();
        }
    }

    static List<Act> acts() {
        return List.of(new UnguardedAct(), new GuardedAct(), new CountersAct(), new QuorumAct());
    }

    /** Plays one act. */
    ActReport play(Act act, Stage stage) {
        stage.heal();
        Story story = new Story(act.lanes(), out);
        return ActReport.of(act.heading(), story, findings -> act.play(stage, story, findings));
    }
}
