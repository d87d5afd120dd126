package dev.fencepost.jdbc.internal.locks;

import java.sql.SQLException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One thread that listens for releases that other clients announce. What is announced while it has no connection is not heard, which the port allows.
 */
final class Announcements implements Runnable {
    /** How long to listen before the server is asked whether it is still there. */
    private static final int SLICE_MILLIS = 5_000;

    private static final long PAUSE_MILLIS = 500;

    private final Joining joining;
    private final Watchers watchers;
    private final IntPredicate isOwn;
    private volatile @Nullable Session session;
    private volatile boolean closing;
    /** Whether people know that nothing can be heard; the listener's thread alone uses it. */
    private boolean told;

    /**
     * Makes a listener that is to be run by a thread of its own.
     *
     * @param isOwn whether a server process works for this client, whose watchers are told without the server
     */
    Announcements(Joining joining, Watchers watchers, IntPredicate isOwn) {
        this.joining = joining;
        this.watchers = watchers;
        this.isOwn = isOwn;
    }

    @Override
    public void run() {
        while (!closing) {
            try {
                Session opened = Session.open(joining);
                session = opened;
                listen(opened);
            } catch (SQLException | RuntimeException e) {
                tellOnce(e);
            }
            if (!end()) {
                return;
            }
        }
    }

    void close() {
        closing = true;
        Session last = session;
        if (last != null) {
            last.abort();
        }
    }

    private void tellOnce(Exception failure) {
        if (!closing && !told) {
            told = true;
            Lane.LOG.warn(
                    "releases of other clients are not heard for now, and those who wait for them look again after pauses: {}",
                    failure.getMessage());
        }
    }

    private void listen(Session opened) throws SQLException {
        if (!opened.connection().isWrapperFor(PGConnection.class)) {
            Lane.LOG.warn(
                    "the connections of the data source are not those of org.postgresql: releases of other clients are not"
                            + " heard, and those who wait for them look again after pauses");
            closing = true;
            return;
        }
        PGConnection connection = opened.connection().unwrap(PGConnection.class);
        opened.execute(Verb.LISTEN);
        told = false;
        while (!closing) {
            PGNotification[] heard = connection.getNotifications(SLICE_MILLIS);
            if (heard == null || heard.length == 0) {
                opened.execute(Verb.LISTEN);
            } else {
                for (PGNotification notification : heard) {
                    tell(notification);
                }
            }
        }
    }

    private void tell(PGNotification notification) {
        String payload = notification.getParameter();
        int space = payload.indexOf(' ');
        if (space > 0 && !isOwn.test(notification.getPID())) {
            watchers.announce(payload.substring(space + 1), Long.parseLong(payload.substring(0, space)));
        }
    }

    /** Ends the session, and waits a moment; false if there is to be no other. */
    private boolean end() {
        Session last = session;
        session = null;
        if (last != null) {
            last.abort();
        }
        try {
            Thread.sleep(closing ? 0 : PAUSE_MILLIS);
            return !closing;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
