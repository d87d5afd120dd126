package dev.fencepost.chaos.check;

import dev.fencepost.chaos.history.History;

/** What a quorum is for: that one node alone matters little. */
final class PaceChecks {
    private PaceChecks() {}

    static void within(History history, Findings findings) {
        for (Pace pace : Pace.of(history)) {
            findings.expect(pace.isWithin(), pace::toString);
        }
    }
}
