package dev.fencepost;

import java.time.Duration;

/** Somebody else held the resource for as long as the caller was willing to wait. Nothing is left behind; trying later is fine. */
public final class LockTimeoutException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /** The resource that stayed locked. */
    private final String resource;

    /** How long the caller waited. */
    private final Duration waited;

    /**
     * Creates the exception.
     *
     * @param resource the resource that stayed locked
     * @param waited how long the caller waited
     * @param detail what the last try met, for people
     */
    public LockTimeoutException(String resource, Duration waited, String detail) {
        super(
                Advice.RETRY_LATER,
                "'" + resource + "' could not be locked within " + waited.toMillis() + " ms: " + detail);
        this.resource = resource;
        this.waited = waited;
    }

    /**
     * The resource that stayed locked.
     *
     * @return its name
     */
    public String resource() {
        return resource;
    }

    /**
     * How long the caller waited.
     *
     * @return the wait that was allowed
     */
    public Duration waited() {
        return waited;
    }
}
