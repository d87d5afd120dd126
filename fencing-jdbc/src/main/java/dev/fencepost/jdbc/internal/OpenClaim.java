package dev.fencepost.jdbc.internal;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.OutcomeUnknownException;

/** A claim whose transaction has not ended. */
record OpenClaim(FencingToken token, ClaimMode mode, String transactionId) {
    OutcomeUnknownException outcomeUnknown(Throwable cause) {
        return mode == ClaimMode.ONCE
                ? OutcomeUnknownException.ofWriteOnce(token, transactionId, cause)
                : OutcomeUnknownException.ofWrite(token, transactionId, cause);
    }
}
