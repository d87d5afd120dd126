package dev.fencepost.redis.internal;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** A way to the server process of one node for as long as it lasts. Safe for use by many threads. */
interface Session {
    /** More unanswered requests than this, and the node is taken for hung: what cannot be sent is not stored up without bound. */
    int MAX_UNANSWERED = 20_000;

    /** Whether a further request would be stored up rather than sent. */
    boolean isChoked();

    CompletionStage<List<Object>> evalSha(Script.Loaded script, List<String> keys, List<String> args);

    CompletionStage<List<Object>> eval(String script, List<String> keys, List<String> args);

    /** The {@code server} section of INFO, as Redis writes it. */
    CompletionStage<String> info();

    /** The setting {@code appendfsync}, or nothing where the server does not tell. */
    CompletionStage<String> fsync();

    /** Ends it; what is unanswered fails, for this reason. */
    void end(String reason);

    /** Runs something when it is over, at once if it is already. */
    void onEnd(Runnable work);
}
