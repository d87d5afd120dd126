package dev.fencepost.examples.billing;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What a worker process is told in the first line of its input; not on its command line, where everybody could read the password.
 *
 * @param name who it is, in the payment log
 * @param protection whether it writes under the guard
 * @param lease how long it locks a customer for
 * @param nodes the addresses of the Redis nodes
 * @param database where the invoices are
 */
public record WorkerSettings(
        String name, Protection protection, Duration lease, List<String> nodes, Database database) {
    /**
     * A database and who may use it.
     *
     * @param url its JDBC address
     * @param user who connects
     * @param password of the user; may be empty
     */
    public record Database(String url, String user, String password) {
        /** Connections of its own for each call, no pool. */
        public PGSimpleDataSource dataSource() {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(url);
            source.setUser(user);
            source.setPassword(password);
            return source;
        }
    }

    /** One line of JSON. */
    public String toLine() throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("protection", protection.name());
        fields.put("leaseMillis", lease.toMillis());
        fields.put("nodes", nodes);
        fields.put("url", database.url());
        fields.put("user", database.user());
        fields.put("password", database.password());
        return new JsonFields(fields).toLine();
    }

    /** Reads a line back. */
    public static WorkerSettings parse(String line) throws IOException {
        JsonFields fields = JsonFields.parse(line);
        return new WorkerSettings(
                fields.text("name"),
                Protection.valueOf(fields.text("protection")),
                Duration.ofMillis(fields.number("leaseMillis")),
                fields.texts("nodes"),
                new Database(fields.text("url"), fields.text("user"), fields.text("password")));
    }
}
