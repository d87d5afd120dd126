package dev.fencepost;

/**
 * The counter of a resource has reached {@link FencingToken#MAX_VALUE}, so no larger token exists. At a million acquisitions a second that takes
 * 285 years: the counter was set by somebody. The resource can be used under another name.
 */
public final class TokensExhaustedException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message which resource, and what which node said
     */
    public TokensExhaustedException(String message) {
        super(Advice.STOP, message);
    }
}
