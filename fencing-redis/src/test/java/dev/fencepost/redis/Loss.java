package dev.fencepost.redis;

import static org.awaitility.Awaitility.await;

import dev.fencepost.servers.RedisServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** How a node comes to forget. */
enum Loss {
    /** Its disk is lost. */
    WIPED {
        @Override
        void happenTo(RedisServer node, Path scratch) {
            node.kill();
            node.wipe();
            node.restart();
        }
    },
    /** Somebody empties it while it runs. */
    FLUSHED {
        @Override
        void happenTo(RedisServer node, Path scratch) {
            node.command("FLUSHALL");
        }
    },
    /** It comes back with what it had on its disk a while ago. */
    PUT_BACK {
        @Override
        void prepare(RedisServer node, Path scratch) throws IOException {
            copy(disk(node), scratch);
        }

        @Override
        void happenTo(RedisServer node, Path scratch) throws IOException {
            Path disk = disk(node);
            node.kill();
            node.wipe();
            copy(scratch, disk);
            node.restart();
        }
    },
    /** The end of its append-only file is lost. */
    TRUNCATED {
        @Override
        void happenTo(RedisServer node, Path scratch) throws IOException {
            Path disk = disk(node);
            node.kill();
            try (Stream<Path> files = Files.walk(disk)) {
                Path log = files.filter(file -> file.toString().endsWith(".aof"))
                        .max(Comparator.comparingLong(file -> file.toFile().length()))
                        .orElseThrow();
                try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                    // Ends in the middle of a command, as after a loss of power.
                    file.setLength(file.length() - file.length() / 3 - 1);
                }
            }
            node.restart();
        }
    },
    /** Its process is another, and what it has is all there; but nobody vouches for that. */
    RESTARTED {
        @Override
        void happenTo(RedisServer node, Path scratch) {
            node.kill();
            node.restart();
        }
    };

    /** Before the load that is to be forgotten. */
    void prepare(RedisServer node, Path scratch) throws IOException {}

    abstract void happenTo(RedisServer node, Path scratch) throws IOException;

    /** The life that the node is in; empty while it takes no part. */
    static String life(RedisServer node) {
        List<String> words = List.of(node.command("GET", "fencepost:node").split(" "));
        return words.get(0).equals("R") ? words.get(1) : "";
    }

    /** Waits until the node takes part in another life than this one. */
    static void awaitReturn(RedisServer node, String before) {
        await().atMost(OnNodes.SOON)
                .until(() -> !life(node).isEmpty() && !life(node).equals(before));
    }

    private static Path disk(RedisServer node) {
        return Path.of(
                node.command("CONFIG", "GET", "dir").lines().skip(1).findFirst().orElseThrow());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
