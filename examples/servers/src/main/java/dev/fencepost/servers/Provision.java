package dev.fencepost.servers;

/** Where servers come from. */
enum Provision {
    /** Processes of this machine, from binaries that are dependencies of the build. */
    EMBEDDED;

    /** The switch: {@code auto}, {@code docker}, {@code embedded} or {@code external}. */
    static final String SETTING = "fencepost.servers";
}
