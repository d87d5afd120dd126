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
public final class StaleTokenException extends FencepostException.StaleToken {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param token the token that was refused
     * @param lastToken the token of the same resource that the store had admitted
     */
    public StaleTokenException(FencingToken token, FencingToken lastToken) {
        super(token, lastToken);
    }
}
