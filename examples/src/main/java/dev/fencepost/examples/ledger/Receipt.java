package dev.fencepost.examples.ledger;

/**
 * What became of a transfer. It is decided once; a repeated delivery is told the same.
 *
 * @param outcome how it was decided
 * @param repeated whether that was so before this call
 */
public record Receipt(Outcome outcome, boolean repeated) {
    /** How a transfer can be decided. */
    public enum Outcome {
        /** It is in the books. */
        POSTED,
        /** The account that was to pay had too little. */
        DECLINED
    }
}
