package dev.fencepost.servers;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL server that somebody else runs. The databases that are made in it are deleted again. */
final class ExternalPostgresServer extends ExternalServer implements PostgresServer {
    /** The address, as in {@code jdbc:postgresql://host:5432/database}. */
    static final String URL = "fencepost.postgres.url";

    private static final String USER = "fencepost.postgres.user";
    private static final String PASSWORD = "fencepost.postgres.password";
    private static final String SCHEME = "jdbc:";
    private static final int DEFAULT_PORT = 5432;

    private final PostgresDatabase maintenance;
    private final List<PostgresDatabase> made = new ArrayList<>();

    private ExternalPostgresServer(URI address, PostgresDatabase maintenance) {
        super(address.getHost(), address.getPort() < 0 ? DEFAULT_PORT : address.getPort());
        this.maintenance = maintenance;
    }

    static ExternalPostgresServer connect() {
        String url = Settings.find(URL)
                .orElseThrow(() -> new ServerException(Provision.SETTING + " is external: set " + URL + " or "
                        + Settings.variable(URL) + " to an address such as jdbc:postgresql://host:5432/database"));
        if (!url.matches("jdbc:postgresql://[^/?]+/[^/?]+(\\?.*)?")) {
            throw new ServerException(
                    URL + " is \"" + url + "\", which is not of the form jdbc:postgresql://host:5432/database");
        }
        URI address = URI.create(url.substring(SCHEME.length()));
        PostgresDatabase maintenance = new PostgresDatabase(
                address.getPath().substring(1),
                url,
                Settings.find(USER).orElse("postgres"),
                Settings.find(PASSWORD).orElse(""));
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
            String value = maintenance.query("SHOW " + setting);
            if (!value.equals("on")) {
                throw new ServerException(setting + " is " + value + " at " + url + ": it has to be on");
            }
        }
        Announcements.say("external PostgreSQL " + maintenance.query("SHOW server_version")
                + ", fsync and synchronous_commit on");
        return new ExternalPostgresServer(address, maintenance);
    }

    @Override
    public PostgresDatabase maintenance() {
        return maintenance;
    }

    @Override
    public PostgresDatabase newDatabase() {
        PostgresDatabase fresh = maintenance.createSibling();
        made.add(fresh);
        return fresh;
    }

    @Override
    public boolean isRunning() {
        return Readiness.answersQuery(maintenance);
    }

    @Override
    public void stopImmediate() {
        throw impossible("stop");
    }

    @Override
    public void close() {
        made.forEach(maintenance::drop);
        made.clear();
    }

    @Override
    public String toString() {
        return jdbcUrl();
    }
}
