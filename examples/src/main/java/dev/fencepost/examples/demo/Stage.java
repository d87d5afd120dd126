package dev.fencepost.examples.demo;

import dev.fencepost.examples.billing.Invoices;
import dev.fencepost.examples.billing.Payment;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.billing.WorkerSettings;
import dev.fencepost.examples.story.Story;
import dev.fencepost.examples.story.Timeline.Mark;
import dev.fencepost.examples.story.Timeline.State;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.servers.Persistence;
import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.locator.ClasspathSqlLocator;

/** The servers that all acts share: five Redis nodes that keep what they are told, and a PostgreSQL. For use by one thread. */
final class Stage implements AutoCloseable {
    /** Long enough for a cold process to come to its write, short enough to be waited for. */
    static final Duration LEASE = Duration.ofSeconds(2);

    /** How many Redis nodes there are. */
    static final int NODES = 5;

    private static final String LAST_TOKEN =
            ClasspathSqlLocator.create().getResource("dev/fencepost/examples/demo/last-token.sql");

    private final RedisServers redis;
    private final PostgresServer postgres;
    private final PostgresDatabase database;
    private final Jdbi jdbi;

    private Stage(RedisServers redis, PostgresServer postgres) {
        this.redis = redis;
        this.postgres = postgres;
        this.database = postgres.newDatabase();
        DataSource dataSource = database.dataSource();
        Invoices.migrate(dataSource);
        FenceSchema.migrate(dataSource);
        this.jdbi = Jdbi.create(dataSource);
    }

    /** Starts everything. */
    static Stage open() {
        RedisServers redis = RedisServers.start(NODES, Persistence.ALWAYS);
        try {
            return overPostgres(redis);
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    private static Stage overPostgres(RedisServers redis) {
        PostgresServer postgres = PostgresServer.start();
        try {
            return new Stage(redis, postgres);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** What a node is called in the story; nodes are counted from 1. */
    static String lane(int node) {
        return "node " + node;
    }

    /** A node, counted from 1. */
    RedisServer node(int number) {
        return redis.node(number - 1);
    }

    /** The nodes that run. */
    List<RedisServer> running() {
        return redis.nodes().stream().filter(RedisServer::isRunning).toList();
    }

    /** Ends nodes at once (SIGKILL). */
    void kill(Story story, int... numbers) {
        for (int number : numbers) {
            node(number).kill();
            Instant now = Instant.now();
            story.begin(lane(number), State.DOWN, now);
            story.tell(now, lane(number), Mark.KILLED, "SIGKILL", node(number).uri() + " is killed (SIGKILL)");
        }
    }

    /** Starts nodes again, with the data that they had. */
    void restart(Story story, int... numbers) {
        for (int number : numbers) {
            node(number).restart();
            Instant now = Instant.now();
            story.end(lane(number), State.DOWN, now);
            story.tell(now, lane(number), Mark.RESTARTED, "back", node(number).uri() + " is back, with its data");
        }
    }

    /** Starts every node that an earlier act has left dead. */
    void heal() {
        redis.nodes().stream().filter(node -> !node.isRunning()).forEach(RedisServer::restart);
    }

    /** A cast of workers in processes of their own, each ready to be told what to do. */
    Cast cast(Story story, Protection protection, Duration lease, String... names) {
        Cast cast = new Cast(Arrays.stream(names)
                .collect(Collectors.toMap(
                        name -> name,
                        name -> Worker.start(settings(name, protection, lease), story),
                        (first, second) -> first,
                        LinkedHashMap::new)));
        try {
            cast.workers().values().forEach(worker -> worker.await(Kind.READY));
        } catch (RuntimeException e) {
            cast.close();
            throw e;
        }
        return cast;
    }

    private WorkerSettings settings(String name, Protection protection, Duration lease) {
        return new WorkerSettings(
                name,
                protection,
                lease,
                List.of(redis.uris()),
                new WorkerSettings.Database(database.jdbcUrl(), database.user(), database.password()));
    }

    /** Makes a customer owe these amounts. */
    void owe(String customer, int... cents) {
        jdbi.useTransaction(handle -> Invoices.add(handle, customer, cents));
    }

    /** How many invoices of a customer are not marked paid. */
    int openInvoices(String customer) {
        return jdbi.withHandle(handle -> Invoices.open(handle, customer)).size();
    }

    /** What a customer was charged. */
    List<Payment> payments(String customer) {
        return jdbi.withHandle(handle -> Invoices.payments(handle, customer));
    }

    /** The token that the guard has admitted last for a resource; it has to have admitted one. */
    long lastToken(String resource) {
        return jdbi.withHandle(handle -> handle.createQuery(LAST_TOKEN)
                .bind("resource", resource)
                .mapTo(Long.class)
                .one());
    }

    /** The guard itself. */
    FenceGuard guard() {
        return FenceGuard.of(jdbi);
    }

    /** What it all runs on. */
    Map<String, String> environment() {
        Map<String, String> versions = new LinkedHashMap<>();
        String info = redis.node(0).command("INFO", "server");
        versions.put("redis-server", info.replaceFirst("(?s).*redis_version:([^\\r\\n]+).*", "$1") + " x" + NODES);
        versions.put(
                "PostgreSQL",
                jdbi.withHandle(handle -> handle.createQuery("SHOW server_version")
                        .mapTo(String.class)
                        .one()));
        versions.put("Java", String.valueOf(System.getProperty("java.version")));
        return versions;
    }

    @Override
    public void close() {
        try (redis;
                postgres) {
            // Both end, whatever the other one says.
        }
    }

    /**
     * The workers of one act.
     *
     * @param workers by name
     */
    record Cast(Map<String, Worker> workers) implements AutoCloseable {
        Worker get(String name) {
            Worker worker = workers.get(name);
            if (worker == null) {
                throw new IllegalArgumentException("name must be one of " + workers.keySet() + ", but is " + name);
            }
            return worker;
        }

        @Override
        public void close() {
            workers.values().forEach(Worker::close);
        }
    }
}
