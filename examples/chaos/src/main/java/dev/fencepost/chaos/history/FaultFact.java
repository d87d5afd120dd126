package dev.fencepost.chaos.history;

/**
 * One fault, from when it was about to begin until it was healed.
 *
 * @param kind what kind
 * @param target whom it hit
 * @param span when
 */
public record FaultFact(String kind, String target, Span span) {
    /** The kind of a fault after which a node's locks may end early or late. */
    public static final String CLOCK_JUMP = "clock jump";
}
