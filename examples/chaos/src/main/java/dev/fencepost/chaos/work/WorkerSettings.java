package dev.fencepost.chaos.work;

import dev.fencepost.chaos.history.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a worker process is told in the first line of its input.
 *
 * @param identity who it is
 * @param variant what it lacks
 * @param lease how long it locks for
 * @param durable whether somebody vouches for the disks of the nodes
 * @param nodes the addresses of the nodes, as this worker is to reach them
 * @param database the address of the database, and who it connects as
 * @param workloads the names of the workloads that its threads run, one for each thread
 */
public record WorkerSettings(
        Identity identity,
        Variant variant,
        Duration lease,
        boolean durable,
        List<String> nodes,
        Database database,
        List<String> workloads) {
    /**
     * Who a worker is.
     *
     * @param name its name, the same for every process that takes its place
     * @param file where it writes its history
     * @param seed decides what it does
     * @param observed whether its nodes are looked at; otherwise its client is made exactly as an application makes it
     */
    public record Identity(String name, Path file, long seed, boolean observed) {}

    /**
     * A database.
     *
     * @param url its JDBC address
     * @param user who connects
     */
    public record Database(String url, String user) {}

    /** One line. */
    public String toLine() {
        return Fields.of(
                        "name", identity.name(),
                        "file", identity.file().toString(),
                        "seed", identity.seed(),
                        "observed", identity.observed(),
                        "variant", variant.name(),
                        "lease", lease.toMillis(),
                        "durable", durable,
                        "nodes", nodes,
                        "url", database.url(),
                        "user", database.user(),
                        "workloads", workloads)
                .toLine();
    }

    static WorkerSettings parse(String line) {
        Fields fields = Fields.parse(line);
        return new WorkerSettings(
                new Identity(
                        fields.text("name"),
                        Path.of(fields.text("file")),
                        fields.number("seed"),
                        fields.flag("observed")),
                Variant.valueOf(fields.text("variant")),
                Duration.ofMillis(fields.number("lease")),
                fields.flag("durable"),
                fields.texts("nodes"),
                new Database(fields.text("url"), fields.text("user")),
                fields.texts("workloads"));
    }
}
