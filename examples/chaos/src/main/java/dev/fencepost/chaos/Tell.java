package dev.fencepost.chaos;

import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.ServerException;

/** Commands to nodes that may be down. */
final class Tell {
    private Tell() {}

    /**
     * A node that is down or stopped, because of another fault, is told nothing; one that answers with an error is an error.
     *
     * @return whether it listened
     */
    static boolean ifItListens(RedisServer node, String... words) {
        try {
            node.command(words);
            return true;
        } catch (ServerException e) {
            if (node.isRunning() && e.getCause() == null) {
                throw e;
            }
            return false;
        }
    }
}
