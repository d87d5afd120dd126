package dev.fencepost.jdbc.internal.locks;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Something to be done on a session, once, and who wants to know what came of it.
 *
 * @param <T> the kind of answer
 */
final class Call<T> {
    private final Work<T> work;
    private final Function<String, T> unavailable;
    private final CompletableFuture<T> reply = new CompletableFuture<>();

    /** What is done on a session. */
    @FunctionalInterface
    interface Work<T> {
        T on(Session session) throws SQLException;
    }

    /**
     * A call that nothing was done for yet.
     *
     * @param unavailable makes the answer where nothing can be done, of a reason
     */
    Call(Work<T> work, Function<String, T> unavailable) {
        this.work = work;
        this.unavailable = unavailable;
    }

    /** Completes with an answer in any case, on the lane's thread. */
    CompletableFuture<T> reply() {
        return reply;
    }

    /** Does it and answers. What failed is answered as unavailable, and thrown for the lane to look at. */
    void run(Session session) throws SQLException {
        T answer;
        try {
            answer = work.on(session);
        } catch (SQLException e) {
            refuse(Reasons.of(e));
            throw e;
        } catch (RuntimeException e) {
            refuse("the driver failed: " + e);
            throw e;
        }
        reply.complete(answer);
    }

    /** Answers without doing it. */
    void refuse(String reason) {
        reply.complete(unavailable.apply(reason));
    }
}
