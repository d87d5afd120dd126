package dev.fencepost.servers;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Redis node that somebody else runs. What is in it stays in it. */
final class ExternalRedisServer extends ExternalServer implements RedisServer {
    /** The addresses, as in {@code redis://a:6379,redis://b:6379}. */
    static final String NODES = "fencepost.redis.nodes";

    private ExternalRedisServer(URI address) {
        super(address.getHost(), address.getPort());
    }

    static List<ExternalRedisServer> connect(RedisOptions options) {
        if (options.password().isPresent()) {
            throw new UnsupportedOperationException(
                    "cannot set a password on servers given from outside: run this with " + Provision.SETTING
                            + " = embedded or docker");
        }
        String given = Settings.find(NODES)
                .orElseThrow(() -> new ServerException(Provision.SETTING + " is external: set " + NODES + " or "
                        + Settings.variable(NODES) + " to addresses such as redis://a:6379,redis://b:6379"));
        List<ExternalRedisServer> servers = new ArrayList<>();
        for (String address : given.split(",", -1)) {
            servers.add(new ExternalRedisServer(parse(address.strip())));
        }
        if (servers.size() < options.count()) {
            throw new ServerException(
                    NODES + " names " + servers.size() + " nodes, and " + options.count() + " are needed: " + given);
        }
        List<ExternalRedisServer> used = List.copyOf(servers.subList(0, options.count()));
        used.forEach(server -> server.command("PING"));
        Announcements.say("external redis-server " + used.get(0).version() + " x" + options.count()
                + ", persistence as configured there");
        return used;
    }

    private static URI parse(String address) {
        try {
            URI uri = new URI(address);
            if ("redis".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new ServerException(
                    NODES + " has \"" + address + "\", which is not an address: " + e.getMessage(), e);
        }
        throw new ServerException(NODES + " has \"" + address + "\", which is not of the form redis://host:port");
    }

    private String version() {
        return command("INFO", "server")
                .lines()
                .filter(line -> line.startsWith("redis_version:"))
                .map(line -> line.substring(line.indexOf(':') + 1))
                .findFirst()
                .orElse("of unknown version");
    }

    @Override
    public Optional<String> password() {
        return Optional.empty();
    }

    @Override
    public boolean isRunning() {
        return Readiness.answersPing(this);
    }

    @Override
    public void wipe() {
        throw impossible("wipe");
    }

    @Override
    public void close() {
        // It was running before, and goes on.
    }

    @Override
    public String toString() {
        return uri();
    }
}
