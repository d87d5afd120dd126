package dev.fencepost.spi;

/**
 * What every request to a node says: which resource, for whom, in which view.
 *
 * @param resource the name of what is locked
 * @param owner the nonce of one attempt, at least 128 random bits, never used twice; whoever knows it can release the lock
 * @param view the generation of the cluster that the attempt runs in; a node that has seen a newer one refuses to make tokens in it
 */
public record NodeRequest(String resource, String owner, long view) {
    /** The resource and the view, and not the owner. */
    @Override
    public String toString() {
        return resource + " in view " + view;
    }
}
