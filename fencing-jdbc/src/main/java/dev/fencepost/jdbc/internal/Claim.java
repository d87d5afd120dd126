package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a transaction claims with.
 *
 * @param tokens one, or several of different resources
 * @param mode how often a token may write
 */
public record Claim(List<FencingToken> tokens, ClaimMode mode) {
    /** A claim with one token. */
    public static Claim of(FencingToken token, ClaimMode mode) {
        return new Claim(List.of(Objects.requireNonNull(token, "token")), mode);
    }

    /** A claim with several tokens, any number of times. */
    public static Claim ofAll(Collection<FencingToken> tokens) {
        List<FencingToken> copy = List.copyOf(tokens);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("tokens must be at least one, but are empty");
        }
        Set<String> resources = new HashSet<>();
        for (FencingToken token : copy) {
            if (!resources.add(token.resource())) {
                throw new IllegalArgumentException(
                        "tokens must be of different resources, but two are of '" + token.resource() + "'");
            }
        }
        return new Claim(copy, ClaimMode.MANY);
    }

    boolean isOfOne() {
        return tokens.size() == 1;
    }

    FencingToken first() {
        return tokens.get(0);
    }

    FencingToken tokenOf(String resource) {
        return tokens.stream()
                .filter(token -> token.resource().equals(resource))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the store answered about '" + resource + "' to " + this));
    }

    @Override
    public String toString() {
        return isOfOne() ? first().toString() : tokens.toString();
    }
}
