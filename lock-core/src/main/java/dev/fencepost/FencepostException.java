package dev.fencepost;

import java.util.Objects;

/**
 * The root of everything that Fencepost throws on purpose, besides {@link IllegalArgumentException} and
 * {@link NullPointerException} for wrong arguments and {@link IllegalStateException} for a use of something closed.
 *
 * <p>Each subclass says through {@link #advice()} what the caller may do next, so that code that has to react to a failure
 * it does not know can still do the right thing.
 */
public abstract class FencepostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What may be done after a failure. */
    public enum Advice {
        /**
         * The fencing token is of no more use: whoever tries again with it is refused again, or worse, would have to be. Drop
         * what was computed under it; acquire a new lease, read again, and start over.
         */
        NEVER_RETRY_WITH_THIS_TOKEN,
        /** Nothing was decided against the caller: the same call may succeed later, unchanged. */
        RETRY_LATER,
        /** Repeating cannot help: somebody has to look at the configuration, the schema, or a node. */
        STOP
    }

    /** Which advice the exception gives; an enum, so it is serialisable with the exception. */
    private final Advice advice;

    /**
     * Creates the exception.
     *
     * @param advice what the caller may do next
     * @param message what happened, with the values that it happened to
     */
    protected FencepostException(Advice advice, String message) {
        super(message);
        this.advice = Objects.requireNonNull(advice, "advice");
    }

    /**
     * Creates the exception.
     *
     * @param advice what the caller may do next
     * @param message what happened, with the values that it happened to
     * @param cause what brought it about
     */
    protected FencepostException(Advice advice, String message, Throwable cause) {
        super(message, cause);
        this.advice = Objects.requireNonNull(advice, "advice");
    }

    /**
     * What the caller may do next.
     *
     * @return never null; the documentation of each class says which
     */
    public final Advice advice() {
        return advice;
    }
}
