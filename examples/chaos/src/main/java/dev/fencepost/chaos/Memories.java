package dev.fencepost.chaos;

import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.ServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets nodes forget, and sees to it that never more than a minority has: nodes that have are brought back by a majority of the others, and without one nobody but an
 * operator could go on. For use by one thread.
 */
final class Memories {
    private static final String READY = "R ";

    private final List<RedisServer> nodes;
    private final List<Path> disks;
    private final boolean vouched;
    /** Nodes that may not be back yet, and the markers that they had before. */
    private final Map<RedisServer, String> forgetting = new HashMap<>();

    /**
     * Nothing is forgotten yet.
     *
     * @param vouched whether nodes that were merely killed have forgotten nothing
     */
    Memories(List<RedisServer> nodes, List<Path> disks, boolean vouched) {
        this.nodes = nodes;
        this.disks = disks;
        this.vouched = vouched;
    }

    /** Kills nodes. Where nobody vouches for what they have on disk, only so many of those that were asked for as may forget. */
    List<RedisServer> kill(List<RedisServer> wanted) {
        List<RedisServer> allowed =
                vouched ? wanted.stream().filter(RedisServer::isRunning).toList() : claim(wanted);
        allowed.forEach(RedisServer::kill);
        return allowed;
    }

    /** Kills nodes and deletes what they had on disk. Of those that were asked for, only so many as may forget. */
    List<RedisServer> wipe(List<RedisServer> wanted) {
        List<RedisServer> allowed = claim(wanted);
        for (RedisServer node : allowed) {
            node.kill();
            node.wipe();
        }
        return allowed;
    }

    /** What a node has on disk, if it may forget what comes after; it is to be put back to that. */
    Optional<Path> snapshot(RedisServer node) {
        if (claim(List.of(node)).isEmpty()) {
            return Optional.empty();
        }
        try {
            Path copy = Files.createTempDirectory("fencepost-snapshot-");
            copy(disks.get(nodes.indexOf(node)), copy);
            return Optional.of(copy);
        } catch (IOException e) {
            throw new UncheckedIOException("no snapshot of " + node.uri(), e);
        }
    }

    /** Puts a node back to what it had on disk earlier. */
    void restore(RedisServer node, Path snapshot) {
        try {
            node.kill();
            node.wipe();
            copy(snapshot, disks.get(nodes.indexOf(node)));
            node.restart();
            Histories.discard(snapshot);
        } catch (IOException e) {
            throw new UncheckedIOException(node.uri() + " could not be put back", e);
        }
    }

    private List<RedisServer> claim(List<RedisServer> wanted) {
        forgetting.entrySet().removeIf(entry -> isBack(entry.getKey(), entry.getValue()));
        List<RedisServer> allowed = new ArrayList<>();
        int most = (nodes.size() - 1) / 2;
        for (RedisServer node : wanted) {
            boolean reachable = node.isRunning() && !marker(node).isEmpty();
            if (reachable && !forgetting.containsKey(node) && forgetting.size() < most) {
                forgetting.put(node, marker(node));
                allowed.add(node);
            }
        }
        return allowed;
    }

    /** A node that was brought back has another life than before. */
    private static boolean isBack(RedisServer node, String before) {
        String now = marker(node);
        return now.startsWith(READY) && !life(now).equals(life(before));
    }

    private static String life(String marker) {
        String[] words = marker.split(" ", -1);
        return words.length > 1 ? words[1] : "";
    }

    /** Empty for a node that cannot tell, or has none. */
    private static String marker(RedisServer node) {
        if (!node.isRunning()) {
            return "";
        }
        try {
            String marker = node.command("GET", "fencepost:node");
            return marker.equals("(nil)") ? "" : marker;
        } catch (ServerException stopped) {
            return "";
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
