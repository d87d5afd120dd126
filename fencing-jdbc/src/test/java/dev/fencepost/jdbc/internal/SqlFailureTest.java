package dev.fencepost.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailureTest {
    @ParameterizedTest
    @CsvSource({
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "55P03, CONFLICT",
        "57014, CANCELLED",
        "25P03, CANCELLED",
        "25P04, CANCELLED",
        "42P01, NOT_MIGRATED",
        "3F000, NOT_MIGRATED",
        "42883, NOT_MIGRATED",
        "42703, NOT_MIGRATED",
        "42501, NOT_ALLOWED",
        "25006, READ_ONLY",
        "25P02, FAILED_BEFORE",
        "FP001, TRANSACTION_OVER",
        "23505, OTHER",
        "P0001, OTHER",
        "MY001, OTHER"
    })
    void anAnswerOfTheServerIsAnAnswer(String state, SqlFailure failure) {
        assertThat(SqlFailure.of(new SQLException("", state))).isEqualTo(failure);
    }

    /** Of a commit these mean that nobody knows: none of them may be read as a refusal. */
    @ParameterizedTest
    @CsvSource(
            value = {
                "08006", "08003", "08P01", "08S01", "57P01", "57P02", "57P03", "58030", "53200", "XX000", "99999",
                "40003", "NULL", "''", "junk"
            },
            nullValues = "NULL")
    void whatIsNotCertainlyAnAnswerIsNone(String state) {
        assertThat(SqlFailure.of(new SQLException("", state))).isEqualTo(SqlFailure.CONNECTION);
    }

    @Test
    void aConflictIsFoundAmongTheCauses() {
        SQLException conflict = new SQLException("", "40P01");

        assertThat(isConflict(new IllegalStateException(new IOException(conflict))))
                .isTrue();
        assertThat(isConflict(conflict)).isTrue();
        assertThat(isConflict(new IllegalStateException(new SQLException("", "23505"))))
                .isFalse();
    }

    @Test
    void aCircleOfCausesHasAnEnd() {
        IllegalStateException outer = new IllegalStateException();
        outer.initCause(new IllegalStateException(outer));

        assertThat(isConflict(outer)).isFalse();
    }

    private static boolean isConflict(Throwable thrown) {
        return SqlFailure.CONFLICT.in(thrown).isPresent();
    }
}
