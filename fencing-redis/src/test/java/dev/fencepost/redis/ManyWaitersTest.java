package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.LockClient;
import dev.fencepost.servers.RedisServers;
import dev.fencepost.servers.WorkerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many waiters in several processes for one resource: each gets it, again and again, and the nodes are not flooded. */
final class ManyWaitersTest {
    private static final boolean SOAK = Boolean.getBoolean("fencepost.soak");
    private static final int PROCESSES = 4;
    private static final int WAITERS = SOAK ? 50 : 25;
    private static final Duration TIME = Duration.ofSeconds(SOAK ? 60 : 10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** A hand-over is a grant and a release; the rest are attempts that came too early, and polling. */
    private static final int MOST_REQUESTS_A_HAND_OVER = 8;
    /** Each process polls with pauses of 100 ms and more, of which it has one line. */
    private static final int MOST_POLLS_A_SECOND = PROCESSES * 20;

    /** In turns that everybody has in the meantime on average, so that it holds for slow machines too, which have 300 hand-overs a second rather than 600. */
    private static final int MOST_TURNS_OF_OTHERS = 60;

    private final RedisServers servers = RedisServers.start(3);
    private final List<WorkerProcess> workers = new ArrayList<>();

    /** A process with waiters; says how often each got the lock, and who had to wait the longest. */
    static final class Waiters {
        private final LockClient locks;
        private final int[] got;
        private final long[] longest;
        private volatile boolean stopped;

        private Waiters(LockClient locks, int waiters) {
            this.locks = locks;
            this.got = new int[waiters];
            this.longest = new long[waiters];
        }

        public static void main(String[] arguments) throws IOException {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String[] addresses = arguments[1].split(",");
            try (LockClient locks = RedisLocks.builder()
                    .formatBlankNodes()
                    .addresses(addresses)
                    .connectTimeout(PATIENCE)
                    .connect()) {
                Waiters waiters = new Waiters(locks, Integer.parseInt(arguments[0]));
                System.out.println("ready");
                input.readLine();
                List<CompletableFuture<Void>> ends = new ArrayList<>();
                for (int i = 0; i < waiters.got.length; i++) {
                    ends.add(waiters.again(i));
                }
                input.readLine();
                waiters.stopped = true;
                ends.forEach(CompletableFuture::join);
                for (int i = 0; i < waiters.got.length; i++) {
                    System.out.println("waiter " + waiters.got[i] + " " + waiters.longest[i] / 1_000_000);
                }
            }
            System.out.println("done");
        }

        private CompletableFuture<Void> again(int waiter) {
            long began = System.nanoTime();
            return locks.acquireAsync("one", Duration.ofMinutes(2))
                    .thenCompose(lease -> took(lease, waiter, began))
                    .toCompletableFuture();
        }

        private CompletableFuture<Void> took(Lease lease, int waiter, long began) {
            got[waiter]++;
            longest[waiter] = Math.max(longest[waiter], System.nanoTime() - began);
            lease.close();
            return stopped ? CompletableFuture.completedFuture(null) : again(waiter);
        }
    }

    @AfterEach
    void stop() {
        workers.forEach(WorkerProcess::close);
        servers.close();
    }

    @Test
    void everyWaiterOfSeveralProcessesGetsTheLockInBoundedTime() {
        for (int i = 0; i < PROCESSES; i++) {
            workers.add(WorkerProcess.start(
                    "waiters", Waiters.class, Integer.toString(WAITERS), String.join(",", servers.uris())));
        }
        workers.forEach(worker -> worker.awaitLine("ready"::equals, PATIENCE));
        long requests = mostRequests();
        long began = System.nanoTime();
        workers.forEach(worker -> worker.send("go"));
        OnNodes.awaitPassed(servers.node(0), TIME);
        workers.forEach(worker -> worker.send("stop"));
        workers.forEach(worker -> worker.awaitLine("done"::equals, PATIENCE));
        double seconds = (System.nanoTime() - began) / 1e9;
        requests = mostRequests() - requests;

        List<String[]> said = workers.stream()
                .flatMap(worker -> worker.lines().stream())
                .filter(line -> line.startsWith("waiter "))
                .map(line -> line.split(" "))
                .toList();
        long handOvers =
                said.stream().mapToLong(words -> Long.parseLong(words[1])).sum();
        long fewest =
                said.stream().mapToLong(words -> Long.parseLong(words[1])).min().orElseThrow();
        long longest =
                said.stream().mapToLong(words -> Long.parseLong(words[2])).max().orElseThrow();
        System.out.printf(
                "%d waiters in %d processes, %.0f s: %.0f hand-overs a second, fewest for a waiter %d, longest wait %d ms, %.0f requests a node and second, %.1f a hand-over%n",
                said.size(),
                PROCESSES,
                seconds,
                handOvers / seconds,
                fewest,
                longest,
                requests / seconds,
                (double) requests / handOvers);
        assertThat(said).hasSize(PROCESSES * WAITERS);
        assertThat(fewest).isPositive();
        assertThat(longest * handOvers / (seconds * 1_000 * said.size())).isLessThan(MOST_TURNS_OF_OTHERS);
        assertThat((double) requests).isLessThan(MOST_REQUESTS_A_HAND_OVER * handOvers + MOST_POLLS_A_SECOND * seconds);
        OnNodes.awaitNoLocks(servers);
    }

    private long mostRequests() {
        return servers.nodes().stream().mapToLong(OnNodes::requests).max().orElseThrow();
    }
}
