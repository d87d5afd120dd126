package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.History;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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
        return violations(findings.keySet());
    }

    /** How many violations of these there are. */
    public long violations(Set<Invariant> of) {
        return findings(of).mapToLong(Findings::violations).sum();
    }

    /** How many things were looked at for these. */
    public long checked(Set<Invariant> of) {
        return findings(of).mapToLong(Findings::checked).sum();
    }

    private Stream<Findings> findings(Set<Invariant> of) {
        return findings.values().stream().filter(one -> of.contains(one.invariant()));
    }
}
