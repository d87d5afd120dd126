package dev.fencepost.servers;

import java.util.Locale;
import java.util.Optional;

/** Settings of a run: the system property {@code fencepost.x.y}, or else the environment's {@code FENCEPOST_X_Y}. */
final class Settings {
    private Settings() {}

    static Optional<String> find(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(variable(property))))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    static String variable(String property) {
        return property.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
