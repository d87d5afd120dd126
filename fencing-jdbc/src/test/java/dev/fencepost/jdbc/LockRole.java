package dev.fencepost.jdbc;

import dev.fencepost.servers.PostgresDatabase;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/** A role of its own for one database that logs in, with the rights that taking locks needs, as they are documented, and no others. */
record LockRole(String name, PGSimpleDataSource dataSource) {
    private static final String PASSWORD = "fencepost-test";

    /** The role, made if it is not there. */
    static LockRole of(PostgresDatabase database) {
        String name = "locks_" + database.name();
        Jdbi.create(database.dataSource()).useHandle(handle -> {
            boolean known = handle.createQuery("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?)")
                    .bind(0, name)
                    .mapTo(Boolean.class)
                    .one();
            if (!known) {
                handle.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'");
                grants(name).forEach(handle::execute);
            }
        });
        PGSimpleDataSource source = (PGSimpleDataSource) database.dataSource();
        source.setUser(name);
        source.setPassword(PASSWORD);
        return new LockRole(name, source);
    }

    private static List<String> grants(String name) {
        return List.of(
                "GRANT USAGE ON SCHEMA fencepost TO " + name,
                "GRANT EXECUTE ON FUNCTION fencepost.lock_join(bigint, boolean) TO " + name,
                "GRANT EXECUTE ON FUNCTION fencepost.lock_grant(text, text, bigint, bigint, bigint, integer) TO "
                        + name,
                "GRANT EXECUTE ON FUNCTION fencepost.lock_raise(text, text, bigint, bigint) TO " + name,
                "GRANT EXECUTE ON FUNCTION fencepost.lock_extend(text[], text[], bigint[], bigint) TO " + name,
                "GRANT EXECUTE ON FUNCTION fencepost.lock_restore(text, text, bigint, bigint) TO " + name,
                "GRANT EXECUTE ON FUNCTION fencepost.lock_release(text, text, bigint, integer) TO " + name);
    }
}
