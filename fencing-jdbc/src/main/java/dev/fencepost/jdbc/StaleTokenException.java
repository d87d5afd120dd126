package dev.fencepost.jdbc;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;

/**
 * The store refused a token because it has admitted a newer one, or the same number of another owner. The refusal is final, and
 * nothing of the refused transaction is written.
 *
 * <p>When it comes as the answer to a repeated call whose first outcome was unknown, it says nothing about the first: that one may have been
 * applied before the newer token came.
 */
public final class StaleTokenException extends FencepostException {
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
    public StaleTokenException(FencingToken token, FencingToken lastToken) {
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
    public String resource() {
        return resource;
    }

    /**
     * The token that was refused.
     *
     * @return the token, without its owner
     */
    public FencingToken token() {
        return FencingToken.of(resource, value);
    }

    /**
     * The token that the store had admitted when it refused.
     *
     * @return the token, without its owner; it has the same number as {@link #token()} when the owners differ, and a larger one otherwise
     */
    public FencingToken lastToken() {
        return FencingToken.of(resource, lastValue);
    }
}
