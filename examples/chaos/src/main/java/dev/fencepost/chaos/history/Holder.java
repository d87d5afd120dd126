package dev.fencepost.chaos.history;

import dev.fencepost.FencingToken;

/**
 * Who holds or held what.
 *
 * @param resource what
 * @param token the number of the fencing token
 * @param owner the nonce of the attempt; empty where the lock has none
 */
public record Holder(String resource, long token, String owner) {
    /** The holder of a token. */
    public static Holder of(FencingToken token) {
        return new Holder(token.resource(), token.value(), token.owner());
    }

    /** The resource, the number, and enough of the owner to tell two apart. */
    @Override
    public String toString() {
        return resource + "#" + token + (owner.isEmpty() ? "" : "/" + owner.substring(0, Math.min(6, owner.length())));
    }
}
