package dev.fencepost.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cluster is called: when it was formatted, and how often its set of nodes was changed since. The names of both follow from what they are of, so that whoever formats or changes a cluster comes to the same.
 *
 * @param origin when it was formatted
 * @param changes how often the set was changed
 */
record Epoch(String origin, int changes) {
    private static final int BYTES = 8;
    private static final Pattern CHANGED = Pattern.compile("(.*)\\.(\\d{1,9})\\.[0-9a-f]{" + 2 * BYTES + "}");

    /** Reads the name of an epoch. */
    static Epoch of(String name) {
        Matcher changed = CHANGED.matcher(name);
        return changed.matches() ? new Epoch(changed.group(1), Integer.parseInt(changed.group(2))) : new Epoch(name, 0);
    }

    /**
     * What a cluster is called that is formatted of nodes in these lives. Whoever formats it comes to the same; and a node that still lives one of these lives has never been ready in it, so that it
     * can be made so at any time.
     */
    static String formatted(List<String> lives, long floor) {
        return digest(lives + "#" + floor);
    }

    /** What the cluster is called that one of this name becomes, with these nodes, new ones of which wait in these lives. */
    static String changed(String before, List<String> members, List<String> fresh) {
        Epoch epoch = of(before);
        return epoch.origin + "." + (epoch.changes + 1) + "." + digest(before + members + fresh);
    }

    /** Whether the cluster of the first name has become that of the second, or may have. */
    static boolean isBefore(String one, String other) {
        Epoch before = of(one);
        Epoch after = of(other);
        return before.origin.equals(after.origin) && before.changes < after.changes;
    }

    private static String digest(String of) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
