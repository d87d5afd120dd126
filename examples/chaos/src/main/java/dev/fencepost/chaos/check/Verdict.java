package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.History;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What all checks have found in one history or in several. For use by one thread. */
public final class Verdict {
    private final Map<Invariant, Findings> findings = new EnumMap<>(Invariant.class);

    /** Nothing so far. */
    public Verdict() {
        for (Invariant invariant : Invariant.values()) {
            findings.put(invariant, new Findings(invariant));
        }
    }

    /** Checks everything. */
    public static Verdict of(History history) {
        Verdict verdict = new Verdict();
        for (Invariant invariant : Invariant.values()) {
            verdict.findings.put(invariant, invariant.check(history));
        }
        return verdict;
    }

    /** Adds what was found in another history. */
    public void add(Verdict other) {
        findings.values()
                .forEach(mine -> other.findings().stream()
                        .filter(theirs -> theirs.invariant() == mine.invariant())
                        .forEach(mine::add));
    }

    /** What was found, in the order of the invariants. */
    public List<Findings> findings() {
        return new ArrayList<>(findings.values());
    }

    /** How many violations there are. */
    public long violations() {
        return findings.values().stream().mapToLong(Findings::violations).sum();
    }
}
