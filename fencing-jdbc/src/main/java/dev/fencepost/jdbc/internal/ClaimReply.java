package dev.fencepost.jdbc.internal;

import dev.fencepost.jdbc.Verdict;
import java.util.List;
import java.util.Optional;

/** What the store answered to a claim. */
public sealed interface ClaimReply {
    /** What was said to each token, or to the one that was refused. */
    List<Verdict> verdicts();

    /**
     * Every resource is claimed until the transaction ends; or, in mode {@link ClaimMode#ONCE}, the one write has been made if the verdict is {@link Verdict.Current}.
     *
     * @param verdicts one for each resource, in the order of their names
     * @param transactionId PostgreSQL's number of the transaction
     * @param result what the one write recorded, if it has been made and did
     */
    record Admitted(List<Verdict> verdicts, String transactionId, Optional<String> result) implements ClaimReply {}

    /**
     * A token is refused, and nothing is claimed.
     *
     * @param verdict which, and by what
     */
    record Refused(Verdict.Stale verdict) implements ClaimReply {
        @Override
        public List<Verdict> verdicts() {
            return List.of(verdict);
        }
    }
}
