package dev.fencepost.redis.internal;

import org.redisson.client.RedisException;

/** Which server process answers, from what INFO says. */
final class RunId {
    private static final String FIELD = "run_id:";

    private RunId() {}

    static String of(String info) {
        return info.lines()
                .filter(line -> line.startsWith(FIELD))
                .map(line -> line.substring(FIELD.length()).trim())
                .findFirst()
                .orElseThrow(
                        () -> new RedisException("INFO server names no run_id; the server must be Redis 6.2 or newer"));
    }
}
