package dev.fencepost.jdbc;

import static java.sql.Connection.TRANSACTION_READ_COMMITTED;
import static java.sql.Connection.TRANSACTION_REPEATABLE_READ;
import static java.sql.Connection.TRANSACTION_SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.ClaimModel.Plan;
import dev.fencepost.jdbc.Stepped.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two transactions, each of the steps claim, write and end, in every order that the six steps can have, at each isolation level, on a resource
 * that has never been claimed, and on one that has. What each of them is told is compared with a model of ten lines, and what is in the
 * database with what they were told.
 */
class ClaimInterleavingTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final FencingToken NOBODY = FencingToken.of("nobody has claimed r", 1);
    private static final FencingToken OLD = new FencingToken("r", 33, "a");
    private static final FencingToken NEW = new FencingToken("r", 34, "b");
    private static final FencingToken TWIN = new FencingToken("r", 34, "c");

    @ParameterizedTest
    @ValueSource(ints = {TRANSACTION_READ_COMMITTED, TRANSACTION_REPEATABLE_READ, TRANSACTION_SERIALIZABLE})
    void anOldAndANewToken(int isolation) throws Exception {
        explore(isolation, OLD, NEW, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {TRANSACTION_READ_COMMITTED, TRANSACTION_REPEATABLE_READ, TRANSACTION_SERIALIZABLE})
    void oneNumberOfTwoOwners(int isolation) throws Exception {
        explore(isolation, NEW, TWIN, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {TRANSACTION_READ_COMMITTED, TRANSACTION_REPEATABLE_READ, TRANSACTION_SERIALIZABLE})
    void oneTokenInTwoTransactions(int isolation) throws Exception {
        explore(isolation, NEW, NEW, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {TRANSACTION_READ_COMMITTED, TRANSACTION_REPEATABLE_READ, TRANSACTION_SERIALIZABLE})
    void oneTokenThatMayWriteOnce(int isolation) throws Exception {
        explore(isolation, NEW, NEW, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {TRANSACTION_READ_COMMITTED, TRANSACTION_REPEATABLE_READ, TRANSACTION_SERIALIZABLE})
    void anOldAndANewTokenThatMayWriteOnce(int isolation) throws Exception {
        explore(isolation, OLD, NEW, true);
    }

    @Test
    void everyOrderIsTried() {
        assertThat(ClaimModel.orders()).hasSize(20).doesNotHaveDuplicates();
    }

    private static void explore(int isolation, FencingToken first, FencingToken second, boolean once) throws Exception {
        try (Connection monitor = postgres.dataSource().getConnection();
                Stepped a = stepped(isolation);
                Stepped b = stepped(isolation)) {
            createTable(monitor);
            for (String order : ClaimModel.orders()) {
                for (FencingToken earlier : starts(first, second)) {
                    for (boolean aCommits : new boolean[] {true, false}) {
                        reset(monitor, earlier);
                        a.begin(first, once);
                        b.begin(second, once);
                        Plan plan = new Plan(order, isolation, first, second, once, aCommits);
                        play(monitor, plan, a, b);
                        check(monitor, plan, earlier, a.outcome(), b.outcome());
                    }
                }
            }
        }
    }

    /** Who has claimed before: nobody, an older token, or the first of the two in an earlier transaction. */
    private static List<FencingToken> starts(FencingToken first, FencingToken second) {
        FencingToken older = new FencingToken("r", 32, "z");
        return first.value() < second.value() || first.equals(second)
                ? List.of(NOBODY, older, first)
                : List.of(NOBODY, older);
    }

    /** Asks for one step after the other, each when all that can move has moved. */
    private static void play(Connection monitor, Plan plan, Stepped a, Stepped b) throws Exception {
        int[] taken = {0, 0};
        for (char who : plan.order().toCharArray()) {
            Stepped actor = who == 'a' ? a : b;
            switch (taken[who - 'a']++) {
                case 0 -> actor.claim();
                case 1 -> actor.write();
                default -> actor.end(who == 'b' || plan.aCommits());
            }
            actor.settle(monitor);
            settleOther(monitor, actor == a ? b : a, actor == a ? taken[1] : taken[0]);
        }
    }

    private static void settleOther(Connection monitor, Stepped other, int taken) throws Exception {
        if (taken > 0) {
            other.settle(monitor);
        }
    }

    private static void check(Connection monitor, Plan plan, FencingToken earlier, Outcome a, Outcome b)
            throws SQLException {
        String what = plan + " after " + earlier;
        assertThat(List.of(a, b)).as(what).isEqualTo(ClaimModel.outcomes(plan));

        List<String> acknowledged = new ArrayList<>();
        acknowledge(a, plan.first()).ifPresent(acknowledged::add);
        acknowledge(b, plan.second()).ifPresent(acknowledged::add);
        assertThat(query(monitor, "SELECT token || owner FROM written"))
                .as(what)
                .containsExactlyInAnyOrderElementsOf(acknowledged);

        long before = earlier.equals(NOBODY) ? 0 : earlier.value();
        long highest = Math.max(
                a == Outcome.COMMITTED ? plan.first().value() : before,
                b == Outcome.COMMITTED ? plan.second().value() : before);
        assertThat(query(monitor, "SELECT last_token FROM fencepost.fence"))
                .as(what)
                .isEqualTo(highest == 0 ? List.of() : List.of(Long.toString(highest)));
    }

    private static Optional<String> acknowledge(Outcome outcome, FencingToken token) {
        return outcome == Outcome.COMMITTED ? Optional.of(token.value() + token.owner()) : Optional.empty();
    }

    /** The refusal of a lost race at the upper levels says that it may be repeated, and so it may. */
    @ParameterizedTest
    @ValueSource(ints = {TRANSACTION_REPEATABLE_READ, TRANSACTION_SERIALIZABLE})
    void aLostRaceMayBeRepeatedWithTheSameToken(int isolation) throws Exception {
        try (Connection monitor = postgres.dataSource().getConnection();
                Stepped a = stepped(isolation);
                Stepped b = stepped(isolation)) {
            createTable(monitor);
            reset(monitor, new FencingToken("r", 32, "z"));
            a.begin(OLD, false);
            b.begin(NEW, false);
            play(monitor, new Plan("abaabb", isolation, OLD, NEW, false, true), a, b);
            assertThat(b.outcome()).isEqualTo(Outcome.CONFLICT);

            assertThatCode(() -> FenceGuard.of(postgres.dataSource()).write(NEW, handle -> {}))
                    .doesNotThrowAnyException();
        }
    }

    private static Stepped stepped(int isolation) throws SQLException {
        return new Stepped(
                FenceGuard.of(postgres.dataSource()), postgres.dataSource().getConnection(), isolation);
    }

    private static void createTable(Connection monitor) throws SQLException {
        execute(monitor, "CREATE TABLE IF NOT EXISTS written (token bigint, owner text)");
    }

    private static void reset(Connection monitor, FencingToken earlier) throws SQLException {
        execute(monitor, "DELETE FROM written");
        execute(monitor, "DELETE FROM fencepost.fence");
        if (!earlier.equals(NOBODY)) {
            execute(monitor, "SELECT fencepost.claim('r', " + earlier.value() + ", '" + earlier.owner() + "', false)");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
