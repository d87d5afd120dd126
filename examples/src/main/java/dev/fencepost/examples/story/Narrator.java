package dev.fencepost.examples.story;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prints what frames the story: what an act is about, and what came of it. */
public final class Narrator {
    private static final String WRAP_AT_100 = "(.{1,100})(?:\\s+|$)";

    private final PrintStream out;

    /** Prints there. */
    public Narrator(PrintStream out) {
        this.out = out;
    }

    /** Says what it is and what it all runs on. */
    public void open(String title, Map<String, String> environment) {
        out.println(title + ": " + environment);
        out.println("Times are seconds since each act began.");
    }

    /** Says what an act is about. */
    public void announce(int number, Heading heading) {
        out.println();
        out.println("ACT " + number + ". " + heading.title());
        out.println();
        out.print(heading.lesson().replaceAll(WRAP_AT_100, "  $1\n"));
        out.println();
    }

    /** Says what came of an act. */
    public void conclude(ActReport report) {
        for (Table table : report.exhibits().tables()) {
            out.println();
            print(table);
        }
        out.println();
        for (Check check : report.checks()) {
            out.println((check.held() ? "  [yes] " : "  [NO!] ") + check.what());
        }
        report.failures().forEach(out::println);
    }

    /** Prints a table, its columns in line. */
    public void print(Table table) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.columns());
        lines.addAll(table.rows());
        out.println("  " + table.title());
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder("   ");
            for (int column = 0; column < line.size(); column++) {
                text.append(' ').append(padded(lines, column, line.get(column)));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static String padded(List<List<String>> lines, int column, String cell) {
        int width =
                lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
        return cell + " ".repeat(width - cell.length() + 1);
    }
}
