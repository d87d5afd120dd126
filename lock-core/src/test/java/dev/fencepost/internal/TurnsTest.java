package dev.fencepost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a line lets other clients go first, and for how many releases. */
final class TurnsTest {
    private static final long SHORT = Duration.ofMillis(1).toNanos();
    private static final long LONG = Duration.ofMillis(10).toNanos();

    private final Turns turns = new Turns();

    @Test
    void aLineKeepsItForEightLeasesInARow() {
        assertThat(leases(SHORT, 20)).isEqualTo(Turns.MOST);
        assertThat(leases(LONG, 20)).as("nobody else waits").isEqualTo(Turns.MOST);
    }

    @Test
    void whereOthersWaitLongTurnsEndWhenEverybodyInTheLineHasHadOne() {
        turns.note(1);

        assertThat(leases(LONG, 3)).isEqualTo(3);
        assertThat(leases(LONG, 20)).isEqualTo(Turns.MOST);
        assertThat(leases(SHORT, 3)).isEqualTo(Turns.MOST);
    }

    @Test
    void aLineThatIsRefusedBeginsAnew() {
        turns.handOver(0);
        assertThat(turns.most()).isEqualTo(Turns.MOST - 1);
        turns.begin();

        assertThat(turns.most()).isEqualTo(Turns.MOST);
    }

    /** With it everybody has had one: three others, of whom the third hands it over to this line. */
    @Test
    void asManyReleasesAreLeftToOthersAsThereAreOthersButForOne() {
        turns.end();
        turns.note(3);

        assertThat(turns.letsGoBy()).isTrue();
        assertThat(turns.letsGoBy()).isTrue();
        assertThat(turns.letsGoBy()).isFalse();
    }

    @Test
    void ofWhatNodesTellOfOneReleaseTheLargestNumberCounts() {
        turns.end();
        turns.note(2);
        turns.note(3);
        turns.note(0);
        assertThat(turns.others()).isEqualTo(3);
        assertThat(turns.letsGoBy()).isTrue();
        turns.note(3);
        assertThat(turns.letsGoBy()).as("the second of two").isTrue();
        assertThat(turns.letsGoBy()).isFalse();

        turns.end();
        turns.note(1);
        assertThat(turns.others()).as("of the next release").isEqualTo(1);
    }

    /** Or a line that asks and is refused would sleep through the release that it waits for, however long its pause is. */
    @Test
    void nothingIsLeftToOthersOnceTheLineHasAskedAgainWhateverNodesTellThen() {
        turns.end();
        turns.note(3);
        turns.wants();
        assertThat(turns.letsGoBy()).isFalse();
        turns.note(5);

        assertThat(turns.letsGoBy()).isFalse();
        assertThat(turns.others()).isEqualTo(5);
    }

    @Test
    void thereIsNobodyToLetGoFirstWhereNobodyElseWatches() {
        turns.end();
        turns.note(0);

        assertThat(turns.letsGoBy()).isFalse();
        assertThat(turns.others()).isZero();
    }

    /** How many leases of this length the line has before others get a chance. */
    private int leases(long length, int waiting) {
        long now = 0;
        int leases = 1;
        while (!turns.isLast(now, now + length, waiting)) {
            turns.handOver(now);
            now += length;
            leases++;
        }
        turns.begin();
        return leases;
    }
}
