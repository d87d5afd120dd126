package dev.fencepost.chaos;

import dev.fencepost.servers.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The time of day of nodes, which a library that is loaded into them shifts by what a file beside their data says. */
final class Clocks {
    private static final Optional<Path> LIBRARY = compile();

    private Clocks() {}

    /** What nodes have to have in their environment, so that their clocks can jump; nothing where there is no compiler. */
    static Map<String, String> environment() {
        return LIBRARY.map(library -> Map.of("LD_PRELOAD", library.toString())).orElse(Map.of());
    }

    /** Whether clocks can be made to jump on this machine. */
    static boolean canJump() {
        return LIBRARY.isPresent();
    }

    /** Moves the time of day of a node, forward or back. */
    static void jump(Path data, long millis) {
        Path file = data.resolveSibling("clock");
        try {
            ByteBuffer before = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
            ByteBuffer after = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(before.getLong() + millis)
                    .flip();
            // In place: the node has the file mapped.
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.write(after);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the clock of a node could not be set: " + file, e);
        }
    }

    /** Where a node has its data. */
    static Path data(RedisServer node) {
        return Path.of(node.command("CONFIG", "GET", "dir").lines().toList().get(1));
    }

    private static Optional<Path> compile() {
        try {
            Path directory = Files.createTempDirectory("fencepost-clock-");
            Path source = Files.writeString(directory.resolve("clock.c"), Texts.of("clock.c"));
            Path library = directory.resolve("clock.so");
            Process compiler = new ProcessBuilder(List.of(
                            "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl"))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (compiler.waitFor() == 0) {
                return Optional.of(library);
            }
            System.out.println("chaos: NO CLOCK JUMPS of nodes: gcc does not compile what shifts them: " + said);
        } catch (IOException e) {
            System.out.println("chaos: NO CLOCK JUMPS of nodes: there is no gcc to compile what shifts them: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }
}
