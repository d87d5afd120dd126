package dev.fencepost.examples.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.servers.PostgresDatabase;
import dev.fencepost.servers.PostgresServer;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.servers.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Many workers, few customers, and a worker that dies: in the end every invoice is charged once, whoever did it. */
final class BillingWorkersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final List<String> CUSTOMERS =
            IntStream.range(0, 12).mapToObj(number -> "c" + number).toList();

    @Test
    void everyInvoiceIsChargedOnceThoughWorkersOverlapAndOneIsKilledMidway() throws IOException {
        try (RedisServers redis = RedisServers.start(3);
                PostgresServer postgres = PostgresServer.start()) {
            PostgresDatabase database = postgres.newDatabase();
            Invoices.migrate(database.dataSource());
            FenceSchema.migrate(database.dataSource());
            Jdbi jdbi = Jdbi.create(database.dataSource());
            jdbi.useTransaction(handle -> CUSTOMERS.forEach(customer -> Invoices.add(handle, customer, 100, 200, 300)));

            try (WorkerProcess one = start("one", redis, database);
                    WorkerProcess two = start("two", redis, database);
                    WorkerProcess doomed = start("doomed", redis, database)) {
                List.of(one, two, doomed).forEach(worker -> await(worker, Kind.READY));
                doomed.send("stepwise " + CUSTOMERS.get(0));
                await(doomed, Kind.ABOUT_TO_WRITE);
                doomed.kill();
                for (String customer : CUSTOMERS) {
                    one.send("charge " + customer);
                    two.send("charge " + customer);
                }
                CUSTOMERS.forEach(customer -> {
                    await(one, Kind.DONE);
                    await(two, Kind.DONE);
                });
            }

            for (String customer : CUSTOMERS) {
                List<Payment> payments = jdbi.withHandle(handle -> Invoices.payments(handle, customer));
                List<Invoice> open = jdbi.withHandle(handle -> Invoices.open(handle, customer));
                assertThat(payments).extracting(Payment::cents).containsExactly(100, 200, 300);
                assertThat(open).isEmpty();
            }
        }
    }

    private static WorkerProcess start(String name, RedisServers redis, PostgresDatabase database) throws IOException {
        WorkerProcess process = WorkerProcess.start(name, BillingWorker.class);
        process.send(new WorkerSettings(
                        name,
                        Protection.GUARD,
                        LEASE,
                        List.of(redis.uris()),
                        new WorkerSettings.Database(database.jdbcUrl(), database.user(), database.password()))
                .toLine());
        return process;
    }

    private static void await(WorkerProcess worker, Kind kind) {
        worker.awaitLine(line -> kindOf(line) == kind, PATIENCE);
    }

    private static Kind kindOf(String line) {
        try {
            return WorkerEvent.parse(line).kind();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
