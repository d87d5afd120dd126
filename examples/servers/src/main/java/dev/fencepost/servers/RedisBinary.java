package dev.fencepost.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** The {@code redis-server} to start: the one that the run names, or else the one from the embedded-redis jar. */
final class RedisBinary {
    private static final String SETTING = "fencepost.redis.binary";

    private RedisBinary() {}

    static Path find() {
        Optional<Path> named = Settings.find(SETTING).map(Path::of);
        if (named.isPresent() && !Files.isExecutable(named.get())) {
            throw new ServerException(SETTING + " is " + named.get() + ", which is not an executable file");
        }
        return named.orElseGet(RedisBinary::unpack);
    }

    /** As the binary itself says it, for example {@code 6.2.11}. */
    static String version(Path binary) {
        String line = Processes.run(List.of(binary.toString(), "--version"));
        int start = line.indexOf("v=");
        if (start < 0) {
            throw new ServerException(binary + " does not run here: " + line);
        }
        return line.substring(start + 2, line.indexOf(' ', start));
    }

    private static Path unpack() {
        OsArchitecture machine = OsArchitecture.detectOSandArchitecture();
        String resource = ExecutableProvider.newProvidedVersionsMap().get(machine);
        if (resource == null) {
            throw new ServerException("no embedded redis-server for " + machine.os + " " + machine.arch + ": set "
                    + SETTING + " to one, or " + Provision.SETTING + " to docker or external");
        }
        String file = "redis-server";
        Path directory = BinaryCache.directory("redis", resource, into -> {
            try (var in = BinaryCache.open(resource)) {
                Files.copy(in, into.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            if (!into.resolve(file).toFile().setExecutable(true)) {
                throw new ServerException("could not make " + into.resolve(file) + " executable");
            }
        });
        return directory.resolve(file);
    }
}
