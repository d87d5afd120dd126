package dev.fencepost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Too few nodes took part to decide anything, and why each of the others did not. This is never contention: nobody else need hold
 * the resource. What the nodes that did answer granted is released again in the background.
 */
public final class QuorumUnavailableException extends FencepostException {
    private static final long serialVersionUID = 1L;

    /** The reasons, by node; a serialisable map. */
    private final LinkedHashMap<String, String> reasons;

    /**
     * Creates the exception.
     *
     * @param what what was attempted and what it would have needed, for people
     * @param reasons for each node that did not take part, by its name, why not
     */
    public QuorumUnavailableException(String what, Map<String, String> reasons) {
        super(Advice.RETRY_LATER, what + "; " + reasons);
        this.reasons = new LinkedHashMap<>(reasons);
    }

    /**
     * Why each node that did not take part did not.
     *
     * @return the reasons by the node's name, in the order of the configuration; unmodifiable
     */
    public Map<String, String> reasons() {
        return Collections.unmodifiableMap(reasons);
    }
}
