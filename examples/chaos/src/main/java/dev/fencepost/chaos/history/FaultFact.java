package dev.fencepost.chaos.history;

/**
 * One fault, from when it was about to begin until it was healed.
 *
 * @param kind what kind
 * @param target whom it hit
 * @param span when
 */
public record FaultFact(String kind, String target, Span span) {
    /** The kind of a fault that ends a node's locks before their time. */
    public static final String CLOCK_JUMP = "clock jump";

    /** The kind of a fault that lets a node's locks outlive their time. */
    public static final String CLOCK_JUMP_BACK = "clock jump back";

    /** Whether a clock of a node is not to be trusted because of it. */
    public boolean isOfClocks() {
        return kind.equals(CLOCK_JUMP) || kind.equals(CLOCK_JUMP_BACK);
    }
}
