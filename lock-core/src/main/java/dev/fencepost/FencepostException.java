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

    /**
     * A store refused a token because it has admitted a newer one, or the same number of another owner. Each kind of store has a class of its own for it, so that code for
     * several stores can catch them as one; they say the same.
     */
    public abstract static class StaleToken extends FencepostException {
        private static final long serialVersionUID = 1L;

        /** The resource that both tokens are of. */
        private final String resource;

        /** The number of the token that was refused. */
        private final long value;

        /** The number that the store had admitted. */
        private final long lastValue;

        /**
         * Creates the exception.
         *
         * @param token the token that was refused
         * @param lastToken the token of the same resource that the store had admitted
         */
        protected StaleToken(FencingToken token, FencingToken lastToken) {
            super(Advice.NEVER_RETRY_WITH_THIS_TOKEN, message(token, lastToken));
            this.resource = token.resource();
            this.value = token.value();
            this.lastValue = lastToken.value();
        }

        private static String message(FencingToken token, FencingToken lastToken) {
            String why = token.compareTo(lastToken) == 0
                    ? "the store has admitted the same number of another owner"
                    : "the store has admitted " + lastToken;
            return "token " + token + " is stale: " + why
                    + ". Nothing was written; drop what was computed under it, acquire again, and read again";
        }

        /**
         * The resource that the write was about.
         *
         * @return its name
         */
        public final String resource() {
            return resource;
        }

        /**
         * The token that was refused.
         *
         * @return the token, without its owner
         */
        public final FencingToken token() {
            return FencingToken.of(resource, value);
        }

        /**
         * The token that the store had admitted when it refused.
         *
         * @return the token, without its owner; it has the same number as {@link #token()} when the owners differ, and a larger one otherwise
         */
        public final FencingToken lastToken() {
            return FencingToken.of(resource, lastValue);
        }
    }
}
