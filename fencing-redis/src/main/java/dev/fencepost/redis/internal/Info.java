package dev.fencepost.redis.internal;

import dev.fencepost.spi.NodeReply.Condition;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.redisson.client.RedisException;

/** What a server says of itself in INFO, by field. */
record Info(Map<String, String> fields) {
    /** What is told on as a fact; the rest is of no use to anybody who looks at locks. */
    private static final String[] TOLD = {
        "redis_version",
        "role",
        "uptime_in_seconds",
        "aof_enabled",
        "aof_last_write_status",
        "rdb_last_bgsave_status",
        "maxmemory",
        "maxmemory_policy",
        "used_memory",
        "evicted_keys"
    };

    private static final char BETWEEN = '.';

    static Info of(String text) {
        return new Info(text.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).trim(),
                        (one, other) -> one)));
    }

    /**
     * Which server process answers, and on what history of data: one that was a replica in between is the same process, and may have forgotten.
     */
    String process() {
        return runId() + BETWEEN + fields.getOrDefault("master_replid", "");
    }

    /** The {@code run_id} in what {@link #process()} answers. */
    static String runId(String process) {
        int end = process.indexOf(BETWEEN);
        return end < 0 ? process : process.substring(0, end);
    }

    /** The replication id in what {@link #process()} answers. */
    static String replication(String process) {
        return process.substring(process.indexOf(BETWEEN) + 1);
    }

    /** The {@code run_id} of the process. */
    String runId() {
        String runId = fields.get("run_id");
        if (runId == null) {
            throw new RedisException("INFO names no run_id; the server must be Redis 6.2 or newer");
        }
        return runId;
    }

    /**
     * What that comes to.
     *
     * @param fsync the setting {@code appendfsync}; empty where it is not known
     */
    Condition condition(String fsync) {
        Map<String, String> facts = new TreeMap<>();
        for (String field : TOLD) {
            facts.put(field, fields.getOrDefault(field, ""));
        }
        facts.put("appendfsync", fsync);
        boolean durable = "1".equals(fields.get("aof_enabled"))
                && "ok".equals(fields.get("aof_last_write_status"))
                && fsync.equals("always");
        return new Condition(unusable(), durable, facts);
    }

    private String unusable() {
        if (!fields.getOrDefault("role", "master").equals("master")) {
            return "it is a replica; locks need servers that are independent of each other";
        }
        String policy = fields.getOrDefault("maxmemory_policy", "noeviction");
        boolean limited = !fields.getOrDefault("maxmemory", "0").equals("0");
        if (limited && !policy.equals("noeviction")) {
            return "it may evict what tokens come from: maxmemory-policy is " + policy + ", and must be noeviction";
        }
        return "";
    }
}
