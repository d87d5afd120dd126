package dev.fencepost.servers;

/** A server did not start, did not answer, or answered with an error. The message says which one and what it said. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ServerException(String message) {
        super(message);
    }

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
