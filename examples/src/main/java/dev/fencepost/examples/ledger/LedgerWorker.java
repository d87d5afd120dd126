package dev.fencepost.examples.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fencepost.FencingToken;
import dev.fencepost.LockClient;
import dev.fencepost.MultiLease;
import dev.fencepost.examples.billing.Protection;
import dev.fencepost.examples.billing.WorkerEvent;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.examples.billing.WorkerSettings;
import dev.fencepost.jdbc.FenceGuard;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.FencedTables;
import dev.fencepost.redis.RedisLocks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;

/**
 * A process that carries out transfers as it is told, line by line, and says what came of them, line by line.
 *
 * <p>Its arguments are how many threads it has, and the seed and the accounts of the {@link Workload}. The first line of its input is {@link WorkerSettings}. Then: {@code
 * block <first> <count>}, transfers of the workload; {@code transfer <id> <debit> <credit> <cents>}; {@code stepwise <id> <debit> <credit> <cents>}, which waits for the
 * line {@code go} when it is about to write. It ends with its input. The last event for each command is {@link Kind#DONE} or {@link Kind#FAILED}.
 */
public final class LedgerWorker {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration NODE_TIMEOUT = Duration.ofMillis(300);
    /** Long, for machines on which many of these start at once. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final BufferedReader input;
    private final Workload workload;
    private final ExecutorService threads;
    private final Ledger ledger;
    private final Ledger stepwise;
    private final Tally tally = new Tally();

    private LedgerWorker(BufferedReader input, Workload workload, ExecutorService threads, Wiring wiring) {
        this.input = input;
        this.workload = workload;
        this.threads = threads;
        this.ledger = new Ledger(wiring.name(), wiring.locks(), wiring.transactions(), tally);
        this.stepwise = new Ledger(wiring.name(), wiring.locks(), wiring.transactions(), new Stepwise());
    }

    private record Wiring(String name, LockClient locks, Transactions transactions) {}

    /** Runs until the end of the input. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int threads = Integer.parseInt(arguments[0]);
        Workload workload = new Workload(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        WorkerSettings settings = WorkerSettings.parse(input.readLine());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (HikariDataSource database = pool(settings, threads);
                LockClient locks = RedisLocks.builder()
                        .addresses(settings.nodes().toArray(String[]::new))
                        .formatBlankNodes()
                        .durableDisks()
                        .lease(settings.lease())
                        .nodeTimeout(NODE_TIMEOUT)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .connect()) {
            Wiring wiring = new Wiring(settings.name(), locks, transactions(settings.protection(), database));
            LedgerWorker worker = new LedgerWorker(input, workload, pool, wiring);
            say(Kind.READY, Map.of());
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                worker.obey(List.of(line.split(" ")));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static HikariDataSource pool(WorkerSettings settings, int threads) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(settings.database().dataSource());
        config.setMaximumPoolSize(threads + 1);
        config.setConnectionTimeout(Duration.ofSeconds(1).toMillis());
        config.setInitializationFailTimeout(Duration.ofSeconds(30).toMillis());
        return new HikariDataSource(config);
    }

    private static Transactions transactions(Protection protection, HikariDataSource database) {
        Jdbi jdbi = Jdbi.create(database);
        if (protection == Protection.LOCK_ONLY) {
            return Transactions.unguarded(jdbi);
        }
        FenceSchema.verify(database);
        FencedTables.verify(database, Books.PROTECTIONS);
        return Transactions.guarded(FenceGuard.of(jdbi).retrying(3));
    }

    private void obey(List<String> words) throws InterruptedException {
        try {
            switch (words.get(0)) {
                case "block" ->
                    carryOut(workload.delivered(Long.parseLong(words.get(1)), Long.parseLong(words.get(2))));
                case "transfer" -> tally.count(ledger.transfer(parse(words), PATIENCE));
                case "stepwise" -> tally.count(stepwise.transfer(parse(words), PATIENCE));
                default ->
                    throw new IllegalArgumentException("a worker knows block, transfer and stepwise, but not " + words);
            }
            say(Kind.DONE, tally.take());
        } catch (RuntimeException | ExecutionException e) {
            say(Kind.FAILED, Map.of("message", words + " failed: " + e));
        }
    }

    private void carryOut(List<Transfer> transfers) throws InterruptedException, ExecutionException {
        List<Callable<Receipt>> tasks = new ArrayList<>();
        transfers.forEach(transfer -> tasks.add(() -> ledger.transfer(transfer, PATIENCE)));
        for (Future<Receipt> done : threads.invokeAll(tasks)) {
            tally.count(done.get());
        }
    }

    private static Transfer parse(List<String> words) {
        return new Transfer(
                Long.parseLong(words.get(1)),
                Integer.parseInt(words.get(2)),
                Integer.parseInt(words.get(3)),
                Long.parseLong(words.get(4)));
    }

    private static void say(Kind kind, Map<String, Object> facts) {
        try {
            System.out.println(WorkerEvent.now(kind, facts).toLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits, about to write, to be told to go on: once, so that what is tried again after that goes through. */
    private final class Stepwise implements Watcher {
        private long waited;

        @Override
        public void aboutToWrite(Transfer transfer, MultiLease leases) {
            if (waited == transfer.id()) {
                return;
            }
            waited = transfer.id();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put(
                    "tokens",
                    leases.tokens().stream().map(FencingToken::toString).toList());
            facts.put("remainingMicros", leases.remaining().toNanos() / 1_000);
            say(Kind.ABOUT_TO_WRITE, facts);
            awaitGo();
        }

        @Override
        public void setBack(Transfer transfer, RuntimeException why) {
            tally.setBack(transfer, why);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("exception", why.getClass().getSimpleName());
            facts.put("message", String.valueOf(why.getMessage()));
            say(Kind.REFUSED, facts);
        }

        private void awaitGo() {
            try {
                String line = input.readLine();
                if (!"go".equals(line)) {
                    throw new IllegalStateException("about to write, a worker waits for \"go\", but was told " + line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
