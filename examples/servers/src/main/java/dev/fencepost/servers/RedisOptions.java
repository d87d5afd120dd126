package dev.fencepost.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a set of Redis nodes is started with.
 *
 * @param count how many nodes, at least 1
 * @param persistence what they keep on disk
 * @param password what the default user has to say, if anything
 * @param environment what their processes find in their environment besides that of this JVM; for processes of this machine alone
 */
public record RedisOptions(
        int count, Persistence persistence, Optional<String> password, Map<String, String> environment) {
    /** Checks the number of nodes, and copies the environment. */
    public RedisOptions {
        environment = Map.copyOf(environment);
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1, but is " + count);
        }
    }

    /** Nodes without persistence and without a password. */
    public static RedisOptions nodes(int count) {
        return new RedisOptions(count, Persistence.NONE, Optional.empty(), Map.of());
    }

    /** The same nodes with this persistence. */
    public RedisOptions with(Persistence other) {
        return new RedisOptions(count, other, password, environment);
    }

    /** The same nodes with a password. */
    public RedisOptions withPassword(String required) {
        return new RedisOptions(count, persistence, Optional.of(required), environment);
    }

    /** The same nodes with something in the environment of their processes. */
    public RedisOptions withEnvironment(Map<String, String> variables) {
        return new RedisOptions(count, persistence, password, variables);
    }

    /** The command line that follows the name of the binary, but for port and directory. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--save", "", "--daemonize", "no"));
        arguments.addAll(persistence.arguments());
        password.ifPresent(required -> arguments.addAll(List.of("--requirepass", required)));
        return arguments;
    }
}
