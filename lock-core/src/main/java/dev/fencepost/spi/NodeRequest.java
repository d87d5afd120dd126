package dev.fencepost.spi;

/**
 * What every request to a node says: which resource, for whom, in which view, and how many tokens are wanted.
 *
 * @param resource the name of what is locked
 * @param owner the nonce of one attempt, at least 128 random bits, never used twice; whoever knows it can release the lock
 * @param view the view that the attempt runs in; a node that has seen a newer one refuses to make tokens in it
 * @param tokens how many tokens in a row a grant takes from the counter, of which it answers with the last; at least one
 */
public record NodeRequest(String resource, String owner, View view, int tokens) {
    /**
     * Checks the number of tokens.
     *
     * @param resource the name of what is locked
     * @param owner the nonce of one attempt
     * @param view the view that the attempt runs in
     * @param tokens how many tokens a grant takes
     * @throws IllegalArgumentException if that is less than one
     */
    public NodeRequest {
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens must be at least 1, but is " + tokens);
        }
    }

    /**
     * A request for one token.
     *
     * @param resource the name of what is locked
     * @param owner the nonce of one attempt
     * @param view the view that the attempt runs in
     */
    public NodeRequest(String resource, String owner, View view) {
        this(resource, owner, view, 1);
    }

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
