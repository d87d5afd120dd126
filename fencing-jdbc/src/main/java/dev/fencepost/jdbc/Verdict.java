package dev.fencepost.jdbc;

import dev.fencepost.FencingToken;
import java.util.Objects;

/**
 * What the store says to a token that claims its resource inside a transaction: {@link Claimed}, {@link Current} or {@link Stale}.
 *
 * <p>A claimed or current verdict holds for the rest of the transaction, because the claim locks the resource's row: nobody else can claim
 * until the transaction has ended. It is worth nothing once the transaction has been rolled back, or has been rolled back to a savepoint
 * from before the claim.
 *
 * <p>Immutable.
 */
public sealed interface Verdict {
    /**
     * The token that claimed.
     *
     * @return the token as it was given
     */
    FencingToken token();

    /**
     * Turns a refusal into an exception, for code that has nothing to do about it.
     *
     * @return this verdict, which is {@link Claimed} or {@link Current}
     * @throws StaleTokenException if the verdict is {@link Stale}; the transaction should then be rolled back
     */
    default Verdict orThrow() {
        if (this instanceof Stale stale) {
            throw new StaleTokenException(stale.token(), stale.lastToken());
        }
        return this;
    }

    /**
     * The token is larger than every one that had claimed the resource before, and is now the one that later tokens have to beat.
     *
     * @param token the token that claimed
     */
    record Claimed(FencingToken token) implements Verdict {
        /**
         * Checks the part.
         *
         * @param token the token that claimed
         */
        public Claimed {
            Objects.requireNonNull(token, "token");
        }
    }

    /**
     * The token was the newest one already: it had claimed the resource in an earlier transaction, or earlier in this one.
     *
     * @param token the token that claimed
     */
    record Current(FencingToken token) implements Verdict {
        /**
         * Checks the part.
         *
         * @param token the token that claimed
         */
        public Current {
            Objects.requireNonNull(token, "token");
        }
    }

    /**
     * The token is refused, for good: the store has admitted a larger one, or the same number of another owner.
     *
     * @param token the token that claimed
     * @param lastToken the token that the store has admitted, without its owner; at least as large as {@code token}
     */
    record Stale(FencingToken token, FencingToken lastToken) implements Verdict {
        /**
         * Checks the parts.
         *
         * @param token the token that claimed
         * @param lastToken the token that the store has admitted
         */
        public Stale {
            if (token.compareTo(lastToken) > 0) {
                throw new IllegalArgumentException(token + " is not stale: lastToken is " + lastToken);
            }
        }
    }
}
