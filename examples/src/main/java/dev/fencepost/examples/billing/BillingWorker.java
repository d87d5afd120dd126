package dev.fencepost.examples.billing;

import dev.fencepost.FencepostException;
import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.QuorumUnavailableException;
import dev.fencepost.examples.billing.WorkerEvent.Kind;
import dev.fencepost.jdbc.FenceSchema;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.redis.RedisLocks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * A process that charges customers as it is told, line by line, and says what happens, line by line.
 *
 * <p>The first line is {@link WorkerSettings}. Then: {@code charge <customer>}; {@code stepwise <customer>}, which waits for the line
 * {@code go} when it is about to write; {@code poll <customer> <times>}, which does not wait for a customer whom somebody else
 * holds. It ends with its input. It answers with {@link WorkerEvent}s, the last one for each command being {@link Kind#DONE}.
 */
public final class BillingWorker {
    private static final Duration MAX_WAIT = Duration.ofSeconds(20);
    private static final Duration NODE_TIMEOUT = Duration.ofMillis(300);
    /** Long, for machines on which many of these start at once. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final BufferedReader input;
    private final Billing billing;
    private boolean stepwise;

    private BillingWorker(WorkerSettings settings, LockClient locks, BufferedReader input) {
        this.input = input;
        Jdbi jdbi = Jdbi.create(settings.database().dataSource());
        this.billing = new Billing(settings.name(), locks, settings.protection().over(jdbi), new Reporting());
    }

    /** Runs until the end of the input. */
    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        WorkerSettings settings = WorkerSettings.parse(input.readLine());
        FenceSchema.verify(settings.database().dataSource());
        try (LockClient locks = RedisLocks.builder()
                .addresses(settings.nodes().toArray(String[]::new))
                .formatBlankNodes()
                .durableDisks()
                .lease(settings.lease())
                .nodeTimeout(NODE_TIMEOUT)
                .connectTimeout(CONNECT_TIMEOUT)
                .connect()) {
            BillingWorker worker = new BillingWorker(settings, locks, input);
            say(Kind.READY, Map.of());
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                worker.obey(List.of(line.split(" ")));
            }
        }
    }

    private void obey(List<String> words) {
        String customer = words.get(1);
        try {
            switch (words.get(0)) {
                case "charge" -> billing.charge(customer, MAX_WAIT);
                case "stepwise" -> chargeStepwise(customer);
                case "poll" -> poll(customer, Integer.parseInt(words.get(2)));
                default ->
                    throw new IllegalArgumentException("a worker knows charge, stepwise and poll, but not " + words);
            }
        } catch (StaleTokenException e) {
            say(Kind.REFUSED, refusal(e));
        } catch (QuorumUnavailableException e) {
            say(Kind.QUORUM_GONE, quorumGone(e));
        } catch (FencepostException e) {
            say(Kind.FAILED, Map.of("message", String.valueOf(e.getMessage())));
        }
        say(Kind.DONE, Map.of());
    }

    private void chargeStepwise(String customer) {
        stepwise = true;
        try {
            billing.charge(customer, MAX_WAIT);
        } finally {
            stepwise = false;
        }
    }

    private void poll(String customer, int times) {
        int busy = 0;
        for (int i = 0; i < times; i++) {
            if (billing.chargeIfFree(customer).isEmpty()) {
                busy++;
            }
        }
        say(Kind.BUSY, Map.of("times", busy));
    }

    private static Map<String, Object> refusal(StaleTokenException e) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("token", e.token().value());
        facts.put("lastToken", e.lastToken().value());
        facts.put("message", String.valueOf(e.getMessage()));
        return facts;
    }

    private static Map<String, Object> quorumGone(QuorumUnavailableException e) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("message", String.valueOf(e.getMessage()));
        facts.put("reasons", e.reasons());
        return facts;
    }

    private static void say(Kind kind, Map<String, Object> facts) {
        try {
            System.out.println(WorkerEvent.now(kind, facts).toLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says where a charge has come to, and waits there when it was told to go stepwise. */
    private final class Reporting implements Progress {
        @Override
        public void acquired(Lease lease) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("token", lease.token().value());
            facts.put("remainingMicros", lease.remaining().toNanos() / 1_000);
            say(Kind.ACQUIRED, facts);
        }

        @Override
        public void aboutToWrite(Lease lease, List<Invoice> open) {
            say(Kind.ABOUT_TO_WRITE, about(lease, open));
            if (stepwise) {
                awaitGo();
            }
        }

        @Override
        public void charged(Lease lease, List<Invoice> charged) {
            say(Kind.CHARGED, about(lease, charged));
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

        private static Map<String, Object> about(Lease lease, List<Invoice> invoices) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("token", lease.token().value());
            facts.put("invoices", invoices.stream().map(Invoice::id).toList());
            facts.put("cents", invoices.stream().mapToLong(Invoice::cents).sum());
            return facts;
        }
    }
}
