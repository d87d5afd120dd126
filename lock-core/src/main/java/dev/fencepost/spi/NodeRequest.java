package dev.fencepost.spi;

/**
 * What every request to a node says: which resource, for whom, in which view.
 *
 * @param resource the name of what is locked
 * @param owner the nonce of one attempt, at least 128 random bits, never used twice; whoever knows it can release the lock
 * @param view the view that the attempt runs in; a node that has seen a newer one refuses to make tokens in it
 */
public record NodeRequest(String resource, String owner, View view) {
    /**
     * A generation of the cluster. It changes whenever a node that has forgotten is brought back, so that what was begun before cannot be completed with it.
     *
     * @param epoch when the cluster was formatted: views of different epochs have nothing to do with each other
     * @param number grows within an epoch
     */
    public record View(String epoch, long number) {
        /** Before any view is known. No node takes part in it. */
        public static final View NONE = new View("", 0);
    }

    /** The resource and the view, and not the owner. */
    @Override
    public String toString() {
        return resource + " in view " + view.number;
    }
}
