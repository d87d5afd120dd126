package dev.fencepost.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Deleting of directories with all that is in them. */
final class Directories {
    private Directories() {}

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            clear(directory);
            Files.delete(directory);
        }
    }

    static void clear(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> bottomUp = paths.filter(path -> !path.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path path : bottomUp) {
                Files.deleteIfExists(path);
            }
        }
    }
}
