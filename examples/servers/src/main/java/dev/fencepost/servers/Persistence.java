package dev.fencepost.servers;

import java.util.List;

/** What a Redis node has on disk when it is killed. */
public enum Persistence {
    /** Nothing: a restart is a loss of all data. */
    NONE("--appendonly no"),
    /** An append-only file that is flushed once a second. */
    EVERYSEC("--appendonly yes --appendfsync everysec"),
    /** An append-only file that is flushed before each reply. */
    ALWAYS("--appendonly yes --appendfsync always");

    private final String arguments;

    Persistence(String arguments) {
        this.arguments = arguments;
    }

    List<String> arguments() {
        return List.of(arguments.split(" "));
    }
}
