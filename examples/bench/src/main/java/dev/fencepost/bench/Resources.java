package dev.fencepost.bench;

import dev.fencepost.LockClient;
import dev.fencepost.bench.measure.Spread;
import dev.fencepost.bench.report.Curves;
import dev.fencepost.bench.report.Part;
import dev.fencepost.bench.report.Question;
import dev.fencepost.bench.report.Row;
import dev.fencepost.redis.RedisLocks;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is left on a node of resources that were once locked: a counter each, for ever, since tokens must not begin anew. */
final class Resources {
    private static final int AT_ONCE = 128;
    private static final double MOST_BYTES = 200;
    private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");

    private final Effort effort;

    Resources(Effort effort) {
        this.effort = effort;
    }

    Question memory() {
        int resources = effort.isFull() ? 1_000_000 : 20_000;
        Question question = new Question(
                "What do resources cost that were once locked?",
                String.format(
                        "%,d resources with names of 15 characters, each locked and unlocked once on one node; what its memory has grown by,"
                                + " as Redis counts it, when all are free again.",
                        resources));
        List<Curves.Point> points = new ArrayList<>();
        double bytes = 0;
        try (RedisServers servers = RedisServers.start(1);
                LockClient locks = RedisLocks.connect(servers.uris())) {
            RedisServer node = servers.node(0);
            lockOnce(locks, 0, 1_000);
            long before = used(node);
            for (int part = 1; part <= 4; part++) {
                int until = resources / 4 * part;
                lockOnce(locks, 1_000 + resources / 4 * (part - 1), 1_000 + until);
                bytes = (used(node) - before) / (double) until;
                points.add(new Curves.Point(until, Spread.of(bytes)));
            }
        }
        return question.figure("memory of a node for each resource", Spread.of(bytes), "bytes")
                .chart(new Curves("Memory of a node for each resource that was once locked", "bytes", "resources")
                        .line("Fencepost", points)
                        .svg())
                .row(Row.of(
                        "memory on a node per resource that was once locked",
                        Part.atMost(
                                "memory.resource",
                                "bytes a resource, and no more with more of them",
                                Spread.of(bytes),
                                MOST_BYTES)));
    }

    private static void lockOnce(LockClient locks, int from, int to) {
        Semaphore room = new Semaphore(AT_ONCE);
        List<CompletableFuture<Void>> failures = new ArrayList<>();
        for (int i = from; i < to; i++) {
            room.acquireUninterruptibly();
            CompletableFuture<Void> one = locks.tryAcquireAsync(String.format("order/%09d", i))
                    .toCompletableFuture()
                    .thenAccept(lease -> lease.orElseThrow().close());
            var unused = one.whenComplete((done, failure) -> room.release());
            if (!one.isDone() || one.isCompletedExceptionally()) {
                failures.add(one);
            }
            if (failures.size() > 2 * AT_ONCE) {
                failures.removeIf(done -> done.isDone() && !done.isCompletedExceptionally());
            }
        }
        CompletableFuture.allOf(failures.toArray(CompletableFuture[]::new)).join();
    }

    private static long used(RedisServer node) {
        Matcher used = USED.matcher(node.command("INFO", "memory"));
        if (!used.find()) {
            throw new IllegalStateException("a node does not tell its memory");
        }
        return Long.parseLong(used.group(1));
    }
}
