package dev.fencepost.redis.internal;

import org.redisson.client.RedisException;

/** The connection ended before a request on it was answered; whether the request had an effect is unknown. */
final class SessionEndedException extends RedisException {
    private static final long serialVersionUID = 1L;

    SessionEndedException(String reason) {
        super(reason);
    }
}
