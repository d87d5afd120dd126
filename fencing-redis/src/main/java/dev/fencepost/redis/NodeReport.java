package dev.fencepost.redis;

import dev.fencepost.spi.QuorumLocks.Standing.State;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a node was found. Immutable, and without nonces or passwords.
 *
 * @param node what the node is called
 * @param state whether it takes part
 * @param detail what is the matter, for people; empty if it takes part
 * @param quarantineLeft how much longer it has to stay out, by its own clock; zero unless it is quarantined
 * @param progress how far it has come; empty if it did not answer, or says nothing of itself
 * @param server what the server tells of itself; empty if it did not answer
 */
public record NodeReport(
        String node,
        State state,
        String detail,
        Duration quarantineLeft,
        Optional<Progress> progress,
        Optional<Server> server) {
    /**
     * How far a node has come, as it says itself.
     *
     * @param view the latest view that it knows of
     * @param mark no token that it has issued or learned is larger
     * @param floor every counter starts from here, whatever it says
     */
    public record Progress(long view, long mark, long floor) {}

    /**
     * The server process behind a node.
     *
     * @param runId another after every restart
     * @param version of Redis
     * @param persistence what is left after a restart
     * @param eviction whether it may throw counters away
     * @param facts settings and figures by their names on the node
     */
    public record Server(
            String runId, String version, Verdict persistence, Verdict eviction, Map<String, String> facts) {
        /**
         * Copies the facts.
         *
         * @param runId another after every restart
         * @param version of Redis
         * @param persistence what is left after a restart
         * @param eviction whether it may throw counters away
         * @param facts settings and figures by their names on the node
         */
        public Server {
            facts = Map.copyOf(facts);
        }

        static Server of(String runId, Map<String, String> facts) {
            return new Server(
                    runId, facts.getOrDefault("redis_version", ""), persistence(facts), eviction(facts), facts);
        }

        private static Verdict persistence(Map<String, String> facts) {
            String fsync = facts.getOrDefault("appendfsync", "");
            if (!"1".equals(facts.get("aof_enabled"))) {
                return new Verdict(
                        false, "appendonly is off: a restart loses what came after the last snapshot, if any");
            }
            if (!"ok".equals(facts.get("aof_last_write_status"))) {
                return new Verdict(
                        false, "the last write of its append-only file failed: " + facts.get("aof_last_write_status"));
            }
            return switch (fsync) {
                case "always" -> new Verdict(true, "everything is on disk before it is answered");
                case "" ->
                    new Verdict(
                            false,
                            "appendonly is on; how often it is flushed is not told, which takes the right to CONFIG GET");
                default ->
                    new Verdict(false, "appendfsync is " + fsync + ": a crash of its machine loses the last moments");
            };
        }

        private static Verdict eviction(Map<String, String> facts) {
            String policy = facts.getOrDefault("maxmemory_policy", "");
            boolean limited = !"0".equals(facts.getOrDefault("maxmemory", "0"));
            boolean keeps = "noeviction".equals(policy);
            String evicted = facts.getOrDefault("evicted_keys", "0");
            if (limited && !keeps) {
                return new Verdict(
                        false, "it may evict what tokens come from: maxmemory-policy is " + policy + " with a limit");
            }
            if (!"0".equals(evicted) && !evicted.isEmpty()) {
                return new Verdict(false, "it has evicted " + evicted + " keys since it was started");
            }
            return keeps
                    ? new Verdict(true, "nothing is evicted")
                    : new Verdict(
                            true,
                            "nothing is evicted while there is no maxmemory; maxmemory-policy is " + policy
                                    + ", so make it noeviction before there is one");
        }
    }

    /**
     * What settings come to.
     *
     * @param good whether they are as they should be
     * @param text what they mean, for people
     */
    public record Verdict(boolean good, String text) {}

    @Override
    public String toString() {
        return node + " " + state + (detail.isEmpty() ? "" : " (" + detail + ")") + " " + progress
                + server.map(told -> " " + told.runId() + " " + new TreeMap<>(told.facts()))
                        .orElse("");
    }
}
