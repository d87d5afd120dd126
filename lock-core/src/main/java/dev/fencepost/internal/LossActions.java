package dev.fencepost.internal;

import dev.fencepost.FencingToken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What applications want to do when a lease is lost. Collected under the monitor of the lease, and run outside it, on the executor. */
final class LossActions {
    private static final Logger LOG = LoggerFactory.getLogger(LossActions.class);

    private final FencingToken token;
    private final Executor executor;
    private final List<Runnable> actions = new ArrayList<>();

    LossActions(FencingToken token, Executor executor) {
        this.token = token;
        this.executor = executor;
    }

    void add(Runnable action) {
        actions.add(action);
    }

    /** Takes all of them. */
    List<Runnable> take() {
        List<Runnable> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    /** Has one run. What it throws is told in the log, and so is that the executor refused it. */
    void run(Runnable action) {
        try {
            executor.execute(() -> {
                try {
                    action.run();
                } catch (RuntimeException e) {
                    LOG.warn("what was to run at the loss of the lease {} failed", token, e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("the executor refused what was to run at the loss of the lease {}", token, e);
        }
    }
}
