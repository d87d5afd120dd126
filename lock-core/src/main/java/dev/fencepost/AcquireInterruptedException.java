package dev.fencepost;

/**
 * The thread was interrupted while it waited for nodes. Its interrupt flag is set again. What became of the request is unknown to
 * the caller, and is cleaned up in the background on every node.
 *
 * <p>Unchecked, so that the common use in a try-with-resources statement needs no handler of its own.
 */
public final class AcquireInterruptedException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param what what was being waited for
     * @param cause the interruption
     */
    public AcquireInterruptedException(String what, InterruptedException cause) {
        super(Advice.RETRY_LATER, "interrupted while waiting to " + what, cause);
    }
}
