package dev.fencepost.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.FencingToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A set that grows by read-modify-write. The holder of each round is paused between two of its steps, while the next one, with a larger token, begins: in every order
 * of their steps, drawn from a seed. Whatever was acknowledged has to be in the set at the end.
 */
class LostUpdateTest {
    @RegisterExtension
    static final OnPostgres postgres = OnPostgres.migrated();

    private static final long SEED = 20261122;
    private static final int ROUNDS = Boolean.getBoolean("fencepost.soak") ? 20_000 : 1_000;
    private static final int CONTROL_ROUNDS = 100;

    /** A set that all rounds share would grow until most of the time went into sending it. */
    private static final int ROUNDS_OF_A_SET = 500;

    @BeforeAll
    static void createTable() {
        postgres.jdbi()
                .useHandle(
                        handle -> handle.execute("CREATE TABLE document (resource text PRIMARY KEY, elements text)"));
    }

    @Test
    void noAcknowledgedWriteIsLostWhenEachClaimsBeforeItReads() throws Exception {
        Result result = play("claim-first", true, ROUNDS);

        assertThat(result.lost())
                .as("lost of %s, seed %s", result.acknowledged(), SEED)
                .isEmpty();
        assertThat(result.refused()).isGreaterThan(ROUNDS / 10);
    }

    /** Where a lost race is a conflict, which is no acknowledgement. */
    @ParameterizedTest
    @ValueSource(ints = {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE})
    void noAcknowledgedWriteIsLostAtTheUpperLevels(int isolation) throws Exception {
        Result result = play("claim-first at " + isolation, true, ROUNDS / 5, isolation);

        assertThat(result.lost())
                .as("lost of %s, seed %s", result.acknowledged(), SEED)
                .isEmpty();
        assertThat(result.acknowledged()).hasSizeGreaterThan(ROUNDS / 10);
    }

    /** The control: it shows that the orders of the steps are bad enough. */
    @Test
    void someAreLostWhenTheyReadBeforeTheyClaim() throws Exception {
        Result result = play("read-first", false, CONTROL_ROUNDS);

        assertThat(result.lost()).isNotEmpty();
        System.out.printf(
                "control: reading before claiming lost %d of %d acknowledged writes in %d rounds (seed %d); claiming first loses 0%n",
                result.lost().size(), result.acknowledged().size(), CONTROL_ROUNDS, SEED);
    }

    private record Result(Set<String> acknowledged, Set<String> lost, int refused) {
        Result and(Result other) {
            Set<String> both = new HashSet<>(acknowledged);
            both.addAll(other.acknowledged);
            Set<String> bothLost = new TreeSet<>(lost);
            bothLost.addAll(other.lost);
            return new Result(both, bothLost, refused + other.refused);
        }
    }

    private static Result play(String resource, boolean claimFirst, int rounds) throws Exception {
        return play(resource, claimFirst, rounds, Connection.TRANSACTION_READ_COMMITTED);
    }

    private static Result play(String name, boolean claimFirst, int rounds, int isolation) throws Exception {
        Random random = new Random(SEED);
        Result all = new Result(new HashSet<>(), new TreeSet<>(), 0);
        for (int from = 0; from < rounds; from += ROUNDS_OF_A_SET) {
            int some = Math.min(ROUNDS_OF_A_SET, rounds - from);
            all = all.and(play(name + " from " + from, claimFirst, some, isolation, random));
        }
        System.out.printf(
                "%s: %d rounds, %d writes acknowledged, %d refused, %d lost (seed %d)%n",
                name,
                rounds,
                all.acknowledged().size(),
                all.refused(),
                all.lost().size(),
                SEED);
        return all;
    }

    private static Result play(String resource, boolean claimFirst, int rounds, int isolation, Random random)
            throws Exception {
        postgres.jdbi().useHandle(handle -> handle.execute("INSERT INTO document VALUES (?, '')", resource));
        Set<String> acknowledged = new HashSet<>();
        int refused = 0;
        try (Connection first = postgres.dataSource().getConnection();
                Connection second = postgres.dataSource().getConnection()) {
            first.setTransactionIsolation(isolation);
            second.setTransactionIsolation(isolation);
            for (int round = 0; round < rounds; round++) {
                Holder stale = new Holder(first, FencingToken.of(resource, 2L * round + 1), claimFirst);
                Holder live = new Holder(second, FencingToken.of(resource, 2L * round + 2), claimFirst);
                interleave(stale, live, random);
                for (Holder holder : List.of(stale, live)) {
                    if (holder.acknowledged()) {
                        acknowledged.add(holder.element());
                    } else {
                        refused++;
                    }
                }
            }
        }
        Set<String> lost = new TreeSet<>(acknowledged);
        lost.removeAll(elements(resource));
        return new Result(acknowledged, lost, refused);
    }

    /**
     * Runs the steps of both in an order drawn at random, on one thread: a holder that would have to wait for the other's transaction is not run until that has ended. So
     * the pauses are as long as it takes.
     */
    private static void interleave(Holder one, Holder other, Random random) throws SQLException {
        while (!one.isOver() || !other.isOver()) {
            Holder next = random.nextBoolean() ? one : other;
            Holder idle = next == one ? other : one;
            if (next.isOver() || next.wouldWaitFor(idle)) {
                next = idle;
            }
            next.step();
        }
    }

    /** One holder of a token: reads the set, adds its element, writes it back, and is told whether it was stored. */
    private static final class Holder {
        private final FenceGuard guard = FenceGuard.of(postgres.dataSource());
        private final Connection connection;
        private final FencingToken token;
        private final List<String> steps;
        private int at;
        private boolean locks;
        private boolean stored;
        private String read = "";

        Holder(Connection connection, FencingToken token, boolean claimFirst) throws SQLException {
            this.connection = connection;
            this.token = token;
            this.steps = claimFirst
                    ? List.of("claim", "read", "write", "commit")
                    : List.of("read", "claim", "write", "commit");
            connection.setAutoCommit(false);
        }

        boolean isOver() {
            return at == steps.size();
        }

        boolean acknowledged() {
            return stored;
        }

        String element() {
            return token.resource().replace(' ', '-') + "#" + token.value();
        }

        /** Only a claim waits, for a transaction that has claimed; except a token that is stale already, and that does not hurt here. */
        boolean wouldWaitFor(Holder other) {
            return !isOver() && steps.get(at).equals("claim") && other.locks;
        }

        void step() throws SQLException {
            try {
                take();
            } catch (TransactionConflictException conflict) {
                giveUp();
            } catch (SQLException e) {
                if (!"40001".equals(e.getSQLState())) {
                    throw e;
                }
                giveUp();
            }
        }

        private void giveUp() throws SQLException {
            connection.rollback();
            locks = false;
            at = steps.size();
        }

        private void take() throws SQLException {
            switch (steps.get(at++)) {
                case "claim" -> claim();
                case "read" -> read = document();
                case "write" -> write();
                default -> {
                    connection.commit();
                    locks = false;
                    stored = true;
                }
            }
        }

        private void claim() throws SQLException {
            locks = !(guard.claim(connection, token) instanceof Verdict.Stale);
            if (!locks) {
                giveUp();
            }
        }

        private String document() throws SQLException {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT elements FROM document WHERE resource = ?")) {
                query.setString(1, token.resource());
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getString(1);
                }
            }
        }

        private void write() throws SQLException {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE document SET elements = ? WHERE resource = ?")) {
                update.setString(1, read + " " + element());
                update.setString(2, token.resource());
                update.executeUpdate();
            }
        }
    }

    private static Set<String> elements(String resource) {
        String all = postgres.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT elements FROM document WHERE resource = :resource")
                        .bind("resource", resource)
                        .mapTo(String.class)
                        .one());
        return Arrays.stream(all.split(" ")).collect(Collectors.toSet());
    }
}
