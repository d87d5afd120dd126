package dev.fencepost.servers;

import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where servers come from. One switch decides it for a whole run, and {@link Announcements} says what it was. */
enum Provision {
    /** Containers, through Testcontainers. */
    DOCKER,
    /** Processes of this machine, from binaries that are dependencies of the build. */
    EMBEDDED,
    /** Servers that somebody else runs. */
    EXTERNAL;

    /** The switch: {@code auto} (the default), {@code docker}, {@code embedded} or {@code external}. */
    static final String SETTING = "fencepost.servers";

    static Provision current() {
        return choose(Settings.find(SETTING), DockerEngine::answers);
    }

    /** Automatic means containers where an engine answers, and embedded binaries otherwise: never nothing. */
    static Provision choose(Optional<String> setting, BooleanSupplier dockerAnswers) {
        String wanted = setting.orElse("auto").toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "auto" -> dockerAnswers.getAsBoolean() ? DOCKER : EMBEDDED;
            case "docker" -> {
                if (!dockerAnswers.getAsBoolean()) {
                    throw new ServerException(SETTING + " is docker, but no Docker engine answers: start one, or set it"
                            + " to embedded or external (the log of org.testcontainers has what was tried)");
                }
                yield DOCKER;
            }
            case "embedded" -> EMBEDDED;
            case "external" -> EXTERNAL;
            default ->
                throw new ServerException(
                        SETTING + " is \"" + wanted + "\", but has to be auto, docker, embedded or external");
        };
    }
}
