package dev.fencepost.servers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closes several servers, all of them whatever one of them throws. */
final class Closing {
    private Closing() {}

    static void all(List<? extends Server> servers) {
        RuntimeException first = close(null, servers);
        if (first != null) {
            throw first;
        }
    }

    /** Closes what a failed start leaves behind. */
    static void after(RuntimeException failure, List<? extends Server> servers) {
        close(failure, servers);
    }

    private static @Nullable RuntimeException close(
            @Nullable RuntimeException failure, List<? extends Server> servers) {
        RuntimeException first = failure;
        for (Server server : servers) {
            try {
                server.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        return first;
    }
}
