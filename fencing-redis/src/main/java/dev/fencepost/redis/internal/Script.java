package dev.fencepost.redis.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The scripts, one per verb. Called without arguments each does nothing but answer that it is loaded.
 *
 * <p>They are put on a node with {@code EVAL} and not with {@code SCRIPT LOAD}: Redis before 7 writes the latter into the append-only file, so that a
 * process that has restarted would know the scripts although it may have forgotten the locks.
 */
enum Script {
    GRANT,
    RAISE,
    EXTEND,
    RESTORE,
    RELEASE;

    private final String text;
    private final String sha1;

    Script() {
        String file = "/dev/fencepost/redis/" + name().toLowerCase(Locale.ROOT) + ".lua";
        this.text = read(file);
        this.sha1 = sha1(text);
    }

    String text() {
        return text;
    }

    String sha1() {
        return sha1;
    }

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
