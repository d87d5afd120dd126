package dev.fencepost.servers;

import java.time.Duration;
import java.util.Optional;

/** One Redis node. */
public interface RedisServer extends Server {
    /** The address without credentials, as in {@code redis://127.0.0.1:24001}. */
    default String uri() {
        return "redis://" + host() + ":" + port();
    }

    /** The password of the default user, where one is required. */
    Optional<String> password();

    /** Forgets everything that it had stored, as a lost disk does. The server has to be down: kill it first. */
    void wipe();

    /**
     * Runs one command over a connection of its own, authenticated, and waits ten seconds for the reply.
     *
     * @return the reply as text: a missing value is {@code (nil)}, the elements of an array are separated by line feeds
     * @throws ServerException when the server replies with an error, or does not reply in time
     */
    default String command(String... words) {
        return RespConnection.run(this, Duration.ofSeconds(10), words);
    }
}
