package dev.fencepost.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which grants a client has seen for each owner, and so which token it has fixed. */
final class GrantsSeen {
    private final int quorum;
    private final Map<String, List<Long>> grants = new HashMap<>();

    GrantsSeen(int nodes) {
        this.quorum = nodes / 2 + 1;
    }

    /** The grant as it is, or no more than the token if that is fixed. */
    long capped(String owner, long granted) {
        List<Long> seen = grants.computeIfAbsent(owner, name -> new ArrayList<>());
        if (seen.size() < quorum) {
            seen.add(granted);
            return granted;
        }
        return Math.min(granted, seen.stream().mapToLong(Long::longValue).max().orElseThrow());
    }
}
