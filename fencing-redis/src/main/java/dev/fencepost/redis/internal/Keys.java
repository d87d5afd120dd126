package dev.fencepost.redis.internal;

import java.util.regex.Pattern;

/**
 * The names of the keys on a node. The kind of a key stands before the name of the resource, and the prefix has no colon, so that no two keys can
 * meet, whatever resources are called.
 *
 * @param prefix what all keys start with
 */
public record Keys(String prefix) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Checks the prefix. */
    public Keys {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "keyPrefix must be 1 to 64 letters, digits, dots, dashes or underscores, but is '" + prefix + "'");
        }
    }

    /** What the keys of all locks start with. */
    String locks() {
        return prefix + ":lock:";
    }

    /** What the keys of all counters start with. */
    String counters() {
        return prefix + ":token:";
    }

    String lock(String resource) {
        return locks() + resource;
    }

    String counter(String resource) {
        return counters() + resource;
    }

    String channel(String resource) {
        return prefix + ":released:" + resource;
    }

    String marker() {
        return prefix + ":node";
    }
}
