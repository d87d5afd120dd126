package dev.fencepost.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Binaries unpacked once per content, shared by all JVMs of this user.
 *
 * <p>What is unpacked appears under its name by one rename: a JVM sees the whole of it or nothing, and of two that unpack
 * at the same time one wins and the other takes the winner's.
 */
final class BinaryCache {
    private BinaryCache() {}

    /** Unpacks a resource into an empty directory. */
    interface Unpacking {
        void into(Path directory) throws IOException;
    }

    static Path directory(String name, String resource, Unpacking unpacking) {
        try {
            Path root = root();
            Path target = root.resolve(name + "-" + hash(resource));
            if (Files.exists(target)) {
                return target;
            }
            Path unpacked = Files.createTempDirectory(root, "unpack-");
            unpacking.into(unpacked);
            moveOrYield(unpacked, target);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("could not unpack " + resource, e);
        }
    }

    /** A directory with a name that anybody can guess runs no binary unless it is ours, as a fresh file is. */
    private static Path root() throws IOException {
        Path ours = Files.createTempFile("fencepost-", ".owner");
        try {
            Path root = ours.resolveSibling("fencepost-servers-" + System.getProperty("user.name"));
            Files.createDirectories(root);
            if (!Files.getOwner(root).equals(Files.getOwner(ours)) || Files.isSymbolicLink(root)) {
                throw new ServerException(root + " belongs to somebody else: delete it, or set java.io.tmpdir");
            }
            return root;
        } finally {
            Files.delete(ours);
        }
    }

    private static void moveOrYield(Path unpacked, Path target) throws IOException {
        try {
            Files.move(unpacked, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.exists(target)) {
                throw e;
            }
            Directories.delete(unpacked);
        }
    }

    private static String hash(String resource) throws IOException {
        try (InputStream in = open(resource)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static InputStream open(String resource) throws IOException {
        InputStream in = BinaryCache.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is not on the class path");
        }
        return in;
    }
}
