package dev.fencepost.jdbc;

import dev.fencepost.servers.PostgresDatabase;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/** A role of its own for one database, with the documented grants and no others, that logs in. */
record ApplicationRole(String name, PGSimpleDataSource dataSource) {
    private static final String PASSWORD = "fencepost-test";

    static ApplicationRole create(PostgresDatabase database) {
        String name = "app_" + database.name();
        Jdbi.create(database.dataSource())
                .useHandle(handle -> List.of(
                                "CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'",
                                "GRANT USAGE ON SCHEMA fencepost TO " + name,
                                "GRANT EXECUTE ON FUNCTION fencepost.claim(text, bigint, text, boolean) TO " + name)
                        .forEach(handle::execute));
        PGSimpleDataSource source = (PGSimpleDataSource) database.dataSource();
        source.setUser(name);
        source.setPassword(PASSWORD);
        return new ApplicationRole(name, source);
    }

    Jdbi jdbi() {
        return Jdbi.create(dataSource);
    }
}
