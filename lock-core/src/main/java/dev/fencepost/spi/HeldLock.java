package dev.fencepost.spi;

/**
 * A lock that somebody has, as nodes know it.
 *
 * @param resource the name of what is locked
 * @param owner the nonce of the attempt that took it
 * @param token the last of the tokens that the attempt took
 */
public record HeldLock(String resource, String owner, long token) {
    /** The resource and the token, and not the owner. */
    @Override
    public String toString() {
        return resource + "#" + token;
    }
}
