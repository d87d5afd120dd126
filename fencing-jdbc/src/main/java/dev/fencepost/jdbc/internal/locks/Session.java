package dev.fencepost.jdbc.internal.locks;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** One connection that has joined, from its first statement to its last. Used by one thread, but may be aborted by any. */
final class Session {
    /** A server that stays silent for so long is taken for gone. Its own limit for waiting is a second. */
    private static final int SILENCE_MILLIS = 10_000;

    private final Joining joining;
    private final Connection connection;
    private final int backend;
    private final Map<Verb, PreparedStatement> prepared = new EnumMap<>(Verb.class);
    private final Set<Integer> watched = new HashSet<>();
    private final AtomicBoolean aborted = new AtomicBoolean();

    private Session(Joining joining, Connection connection) throws SQLException {
        this.joining = joining;
        this.connection = connection;
        this.backend = connection.isWrapperFor(PGConnection.class)
                ? connection.unwrap(PGConnection.class).getBackendPID()
                : -1;
    }

    /** Opens a connection and joins. */
    static Session open(Joining joining) throws SQLException {
        Connection connection = joining.dataSource().getConnection();
        Session session = new Session(joining, connection);
        try {
            connection.setAutoCommit(true);
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
            session.join();
            return session;
        } catch (SQLException | RuntimeException e) {
            session.abort();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    /** The server's process at the other end; -1 if the driver does not say. */
    int backend() {
        return backend;
    }

    /** Says to the server whose session it is, and makes sure that it is one that can grant locks. May be repeated, to see whether it is still there. */
    void join() throws SQLException {
        PreparedStatement statement = prepared(Verb.JOIN);
        statement.setLong(1, joining.longestLease().toMillis());
        statement.setBoolean(2, joining.synchronous());
        String said = text(statement);
        if (!"ready".equals(said)) {
            // Locks are writes. The class of the state is that of a connection that cannot be used.
            throw new SQLException(
                    "the server is a " + said + ", which cannot grant locks: connect to the primary", "08004");
        }
    }

    NodeReply grant(NodeRequest request, long ttlMillis, long floor) throws SQLException {
        PreparedStatement statement = prepared(Verb.GRANT);
        statement.setString(1, request.resource());
        statement.setString(2, request.owner());
        statement.setLong(3, request.view().number());
        statement.setLong(4, ttlMillis);
        statement.setLong(5, floor);
        statement.setInt(6, request.tokens());
        return reply(statement);
    }

    NodeReply raise(NodeRequest request, long token) throws SQLException {
        PreparedStatement statement = prepared(Verb.RAISE);
        statement.setString(1, request.resource());
        statement.setString(2, request.owner());
        statement.setLong(3, request.view().number());
        statement.setLong(4, token);
        return reply(statement);
    }

    List<NodeReply> extend(List<HeldLock> locks, long ttlMillis) throws SQLException {
        PreparedStatement statement = prepared(Verb.EXTEND);
        statement.setArray(1, array("text", locks.stream().map(HeldLock::resource)));
        statement.setArray(2, array("text", locks.stream().map(HeldLock::owner)));
        statement.setArray(3, array("bigint", locks.stream().map(HeldLock::token)));
        statement.setLong(4, ttlMillis);
        List<NodeReply> replies = new ArrayList<>(locks.size());
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                replies.add(row.getBoolean(1) ? NodeReply.Done.INSTANCE : NodeReply.NotHeld.INSTANCE);
            }
        }
        if (replies.size() != locks.size()) {
            throw strange(replies.size() + " answers to " + locks.size() + " extensions");
        }
        return replies;
    }

    NodeReply restore(HeldLock lock, long ttlMillis) throws SQLException {
        PreparedStatement statement = prepared(Verb.RESTORE);
        statement.setString(1, lock.resource());
        statement.setString(2, lock.owner());
        statement.setLong(3, lock.token());
        statement.setLong(4, ttlMillis);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBoolean(1) ? NodeReply.Done.INSTANCE : NodeReply.NotHeld.INSTANCE;
        }
    }

    /** Releases; the watchers in the answer are those of other clients. */
    NodeReply release(HeldLock lock, int channel) throws SQLException {
        PreparedStatement statement = prepared(Verb.RELEASE);
        statement.setString(1, lock.resource());
        statement.setString(2, lock.owner());
        statement.setLong(3, lock.token());
        statement.setInt(4, channel);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            long watchers = row.getLong(1);
            return watchers < 0 ? NodeReply.NotHeld.INSTANCE : new NodeReply.Released(watchers);
        }
    }

    /** Has the server know, for as long as the session lives, whether somebody here watches a channel. */
    void watch(int channel, boolean wanted) throws SQLException {
        if (watched.contains(channel) == wanted) {
            return;
        }
        PreparedStatement statement = prepared(wanted ? Verb.WATCH : Verb.UNWATCH);
        statement.setInt(1, channel);
        statement.execute();
        if (wanted) {
            watched.add(channel);
        } else {
            watched.remove(channel);
        }
    }

    void execute(Verb verb) throws SQLException {
        prepared(verb).execute();
    }

    /** Gives the connection back as it was, for somebody else to use. */
    void close() {
        try {
            for (int channel : Set.copyOf(watched)) {
                watch(channel, false);
            }
            for (PreparedStatement statement : prepared.values()) {
                statement.close();
            }
            connection.close();
        } catch (SQLException e) {
            // What cannot be given back as it was must not be used by anybody.
            abort();
        }
    }

    /** Ends the connection at once, whatever the thread that uses it is doing. */
    void abort() {
        if (!aborted.compareAndSet(false, true)) {
            return;
        }
        try {
            connection.abort(Runnable::run);
            connection.close();
        } catch (SQLException | RuntimeException e) {
            // Pools differ in what they make of a connection that is gone already; there is nothing left to be done
            // with it.
            Lane.LOG.debug("a connection could not be ended in good order", e);
        }
    }

    private NodeReply reply(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            String reply = String.valueOf(row.getString(1));
            long value = row.getLong(2);
            return switch (reply) {
                case "granted" -> new NodeReply.Granted(value);
                case "held" -> new NodeReply.Held(value);
                case "done" -> NodeReply.Done.INSTANCE;
                case "not_held" -> NodeReply.NotHeld.INSTANCE;
                case "view" -> new NodeReply.NewerView(value);
                case "exhausted" -> new NodeReply.Exhausted(Long.toString(value));
                case "closed" ->
                    new NodeReply.Unavailable("this server has taken the place of another, which may have granted locks"
                            + " that it does not know; it grants none for " + value + " ms, until they have run out");
                default -> throw strange(reply);
            };
        }
    }

    private static SQLException strange(String reply) {
        return new SQLException("the database answered what no function of this version answers: " + reply);
    }

    private Array array(String type, Stream<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    private static String text(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private PreparedStatement prepared(Verb verb) throws SQLException {
        PreparedStatement known = prepared.get(verb);
        if (known == null) {
            known = connection.prepareStatement(verb.sql());
            prepared.put(verb, known);
        }
        return known;
    }
}
