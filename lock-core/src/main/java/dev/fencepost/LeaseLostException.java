package dev.fencepost;

/**
 * The lease is over: it ran out, it was closed, or a quorum of nodes no longer holds it. Somebody else may hold the resource now, with
 * a larger token.
 */
public final class LeaseLostException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /** The resource of the lease. */
    private final String resource;

    /** The number of the token of the lease. */
    private final long value;

    /**
     * Creates the exception.
     *
     * @param token the token of the lease
     * @param why how it ended, for people
     */
    public LeaseLostException(FencingToken token, String why) {
        super(Advice.NEVER_RETRY_WITH_THIS_TOKEN, "the lease " + token + " is over: " + why);
        this.resource = token.resource();
        this.value = token.value();
    }

    /**
     * The token of the lease that is over.
     *
     * @return the token, without its owner
     */
    public FencingToken token() {
        return FencingToken.of(resource, value);
    }
}
