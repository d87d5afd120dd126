package dev.fencepost.redis.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * The scripts of a life of a node, one per verb. Called without arguments each does nothing but answer that it is loaded; on another process than
 * that of the life it makes sure, in the same step, that it will not be of use there.
 *
 * <p>They are put on a node with {@code EVAL} and not with {@code SCRIPT LOAD}: Redis before 7 writes the latter into the append-only file, so that a
 * process that has restarted would know the scripts although it may have forgotten the locks. The text names the life, so that a process knows the scripts of those lives only that
 * somebody has seen on it, whatever other clusters it serves.
 */
enum Script {
    GRANT,
    RAISE,
    EXTEND,
    RESTORE,
    RELEASE,
    HAND_OVER,
    ADVANCE;

    /** Looks at the marker; needs no life. */
    static final String LOOK = read(file("look"));

    /** Replaces the marker; needs no life. */
    static final String EXCHANGE = read(file("exchange"));

    /** Looks at one resource; needs no life. */
    static final String INSPECT = read(file("inspect"));

    /** Lets counters go away that stay unused; needs no life. */
    static final String FORGET = read(file("forget"));

    private static final String OF_A_LIFE = read(file("life"));

    private final String text;

    Script() {
        this.text = read(file(name().toLowerCase(Locale.ROOT)))
                .replace("-- #grant\n", read(file("grant")))
                .replace("-- #move\n", read(file("move")));
    }

    /** A script as it is for one life. */
    record Loaded(String text, String sha1) {}

    /**
     * All scripts for one life.
     *
     * @param life hexadecimal digits
     * @param process the process in that life
     */
    static Map<Script, Loaded> of(String life, String process) {
        Map<Script, Loaded> scripts = new EnumMap<>(Script.class);
        for (Script script : values()) {
            String whole = "local LIFE, PROCESS, REPLICATION = '%s', '%s', '%s'\n"
                            .formatted(life, Info.runId(process), Info.replication(process))
                    + OF_A_LIFE
                    + script.text;
            scripts.put(script, new Loaded(whole, sha1(whole)));
        }
        return scripts;
    }

    private static String file(String name) {
        return "/dev/fencepost/redis/" + name + ".lua";
    }

    /** The text of a file among the resources. */
    static String read(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the jar of fencing-redis is not whole: " + file + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
