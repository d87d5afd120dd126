package dev.fencepost.chaos;

import com.fasterxml.jackson.jr.ob.JSON;
import com.samskivert.mustache.Mustache;
import dev.fencepost.chaos.check.Findings;
import dev.fencepost.chaos.check.Pace;
import dev.fencepost.chaos.check.Verdict;
import dev.fencepost.chaos.work.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A whole run, as one self-contained page and as JSON, both made of the same values.
 *
 * @param settings what the run was told
 * @param took how long it took
 * @param outcomes what became of each trial
 */
record Report(Settings settings, Duration took, List<Outcome> outcomes) {
    /**
     * What a run was told.
     *
     * @param seed decides every fault
     * @param length how long it was to take
     */
    record Settings(long seed, Duration length) {}

    static final String HTML = "chaos.html";
    static final String JSON_FILE = "chaos.json";

    /** A run of that length has to have something to look at for every invariant. */
    private static final Duration LONG = Duration.ofMinutes(30);

    private static final String TEMPLATE = "chaos.mustache";

    /** A trial of the product, as the page shows it. */
    private record Scene(Outcome outcome, int faults, List<Curve> curves) {}

    /** A control, as the page shows it. */
    private record Control(
            String name, long operations, long checked, long violations, String rate, List<String> shown) {}

    /** What a bad node costs, as the page shows it. */
    private record Cost(Pace pace, String median, String range, String judged) {}

    boolean ok() {
        return violations() == 0
                && cycles() > 0
                && (settings.length().compareTo(LONG) < 0 || neverLookedAt().isEmpty())
                && controls().stream().allMatch(control -> control.violations() > 0);
    }

    String conclusion() {
        return String.format(
                Locale.ROOT,
                "%d locks and %d faults in %d s: %d violations; %d of %d controls were violated, as all have to be",
                cycles(),
                faults(),
                took.toSeconds(),
                violations(),
                controls().stream().filter(control -> control.violations() > 0).count(),
                controls().size());
    }

    /** Writes both files, and makes the directory if need be. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(JSON_FILE), json());
        Files.writeString(directory.resolve(HTML), html());
    }

    String json() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", ok());
        json.put("seconds", took.toSeconds());
        json.put("seed", settings.seed());
        json.put("requestedSeconds", settings.length().toSeconds());
        json.put("cycles", cycles());
        json.put(
                "takenOver",
                underFaults().mapToLong(outcome -> outcome.counts().takenOver()).sum());
        json.put(
                "writes",
                product().stream()
                        .mapToLong(outcome -> outcome.counts().writes())
                        .sum());
        json.put("faults", faults());
        json.put("violations", violations());
        json.put("faultsByKind", faultsByKind());
        json.put("clocksOfNodesJump", Clocks.canJump());
        json.put("neverLookedAt", neverLookedAt());
        json.put("oneBadNode", paces().map(Report::json).toList());
        json.put("invariants", findings().stream().map(Report::json).toList());
        json.put("controls", controls().stream().map(Report::json).toList());
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json) + "\n";
    }

    String html() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("ok", ok());
        page.put("conclusion", conclusion());
        page.put("seed", settings.seed());
        page.put("seconds", settings.length().toSeconds());
        page.put("width", Chart.WIDTH);
        page.put("scenes", underFaults().map(Report::scene).toList());
        page.put("costs", paces().map(Report::cost).toList());
        page.put("healings", Healing.of(underFaults().toList()));
        page.put("curveWidth", Curve.WIDTH);
        page.put("curveHeight", Curve.HEIGHT);
        page.put("faults", faultsByKind().entrySet());
        page.put("stillClocks", !Clocks.canJump());
        page.put("neverLookedAt", neverLookedAt());
        page.put("findings", findings());
        page.put("product", all());
        page.put("controls", controls().stream().map(Report::control).toList());
        return Mustache.compiler().compile(Texts.of(TEMPLATE)).execute(page);
    }

    private List<Outcome> product() {
        return outcomes.stream().filter(outcome -> !outcome.spec().isControl()).toList();
    }

    /** What is counted: locks that were taken while nothing is wrong for half of the time are no locks under fire. */
    private Stream<Outcome> underFaults() {
        return product().stream().filter(outcome -> !outcome.spec().isInTurns());
    }

    private Stream<Pace> paces() {
        return product().stream().flatMap(outcome -> outcome.paces().stream());
    }

    private List<Outcome> controls() {
        return outcomes.stream().filter(outcome -> outcome.spec().isControl()).toList();
    }

    private long cycles() {
        return underFaults().mapToLong(outcome -> outcome.counts().locks()).sum();
    }

    private long violations() {
        return product().stream().mapToLong(Outcome::violations).sum();
    }

    private long faults() {
        return product().stream()
                .mapToLong(outcome -> outcome.counts().faults().size())
                .sum();
    }

    /** Also those that never happened. */
    private Map<String, Integer> faultsByKind() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Outcome outcome : product()) {
            outcome.spec().kinds().forEach(kind -> kind.titles().forEach(title -> counts.putIfAbsent(title, 0)));
            outcome.counts().faults().forEach(kind -> counts.merge(kind, 1, Integer::sum));
        }
        return counts;
    }

    private List<String> neverLookedAt() {
        return findings().stream()
                .filter(findings -> findings.checked() == 0)
                .map(findings -> findings.invariant().title())
                .toList();
    }

    private List<Findings> findings() {
        Verdict all = new Verdict();
        product().forEach(outcome -> all.add(outcome.verdict()));
        return all.findings();
    }

    private static Map<String, Object> json(Findings findings) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", findings.invariant().title());
        json.put("checked", findings.checked());
        json.put("violations", findings.violations());
        json.put("told", findings.told());
        json.put("notJudged", findings.open());
        json.put("whyNotJudged", findings.whyOpen());
        return json;
    }

    private static Map<String, Object> json(Pace pace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("handicap", pace.handicap().title());
        json.put("measure", pace.measure().title());
        json.put("timesAsBad", rounded(pace.median()));
        json.put("smallest", rounded(pace.multiples().get(0)));
        json.put("largest", rounded(pace.multiples().get(pace.multiples().size() - 1)));
        json.put("rounds", pace.multiples().size());
        json.put("judged", rounded(pace.judged()));
        json.put("bound", pace.bound());
        json.put("within", pace.isWithin());
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static Cost cost(Pace pace) {
        return new Cost(
                pace,
                String.format(Locale.ROOT, "%.2f", pace.median()),
                String.format(
                        Locale.ROOT,
                        "%.2f to %.2f in %d rounds",
                        pace.multiples().get(0),
                        pace.multiples().get(pace.multiples().size() - 1),
                        pace.multiples().size()),
                String.format(Locale.ROOT, "%.2f", pace.judged()));
    }

    private static Map<String, Object> json(Outcome control) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", control.spec().name());
        json.put("operations", control.counts().operations());
        json.put("checked", control.checked());
        json.put("violations", control.violations());
        return json;
    }

    private static Scene scene(Outcome outcome) {
        return new Scene(outcome, outcome.counts().faults().size(), Curve.of(outcome));
    }

    private static Control control(Outcome outcome) {
        return new Control(
                outcome.spec().name(),
                outcome.counts().operations(),
                outcome.checked(),
                outcome.violations(),
                rate(outcome.violations(), outcome.checked()),
                outcome.verdict().findings().stream()
                        .filter(findings -> findings.violations() > 0
                                && outcome.spec().judged().contains(findings.invariant()))
                        .map(findings -> findings.invariant().title() + ": " + findings.violations() + ", such as: "
                                + findings.told().get(0))
                        .toList());
    }

    /** The product beside its controls: everything is judged, in all trials. */
    private Control all() {
        long operations = product().stream()
                .mapToLong(outcome -> outcome.counts().operations())
                .sum();
        long checked = product().stream().mapToLong(Outcome::checked).sum();
        return new Control(
                Variant.PRODUCT.title(), operations, checked, violations(), rate(violations(), checked), List.of());
    }

    private static String rate(long violations, long checked) {
        return String.format(Locale.ROOT, "%.2f %%", 100.0 * violations / Math.max(1, checked));
    }
}
