package dev.fencepost.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencepostException.Advice;
import dev.fencepost.FencingToken;
import dev.fencepost.redis.RedisFence.Once;
import dev.fencepost.redis.RedisFence.Write;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** The guard for data in Redis. */
class RedisFenceTest {
    private static RedisServers servers;
    private static RedisServer server;
    private static RedissonClient redisson;
    private static RedisFence fence;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(1);
        server = servers.node(0);
        Config config = new Config();
        config.useSingleServer()
                .setAddress(server.uri())
                .setConnectionMinimumIdleSize(1)
                .setRetryAttempts(0);
        redisson = Redisson.create(config);
        fence = RedisFence.of(redisson);
    }

    @AfterAll
    static void stop() {
        redisson.shutdown();
        servers.close();
    }

    @BeforeEach
    void flush() {
        server.command("FLUSHALL");
    }

    @Test
    void aNewerTokenWritesAndAnOlderOneIsRefusedForGood() {
        fence.write(token(1, "a"), Write.value("v", "one"));
        fence.write(token(2, "b"), Write.value("v", "two"));

        assertThatThrownBy(() -> fence.write(token(1, "a"), Write.value("v", "late")))
                .isInstanceOfSatisfying(StaleTokenException.class, stale -> {
                    assertThat(stale.advice()).isEqualTo(Advice.NEVER_RETRY_WITH_THIS_TOKEN);
                    assertThat(stale.lastToken().value()).isEqualTo(2);
                })
                .hasMessage(
                        "token r#1 is stale: the store has admitted r#2. Nothing was written; drop what was computed under"
                                + " it, acquire again, and read again");
        assertThat(server.command("GET", "v")).isEqualTo("two");
    }

    @Test
    void oneTokenWritesAsOftenAsItLikes() {
        for (String value : List.of("one", "two", "three")) {
            fence.write(token(1, "a"), Write.value("v", value));
        }

        assertThat(server.command("GET", "v")).isEqualTo("three");
    }

    @Test
    void theSameNumberOfAnotherOwnerIsRefused() {
        fence.claim(token(7, "a"));

        assertThatThrownBy(() -> fence.write(token(7, "b"), Write.value("v", "x")))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("the same number of another owner");
        assertThat(server.command("EXISTS", "v")).isEqualTo("0");
    }

    @Test
    void aClaimAloneKeepsOlderTokensOut() {
        fence.claim(token(5, "new"));

        assertThatThrownBy(() -> fence.writeOnce(token(4, "old"), Write.value("v", "x")))
                .isInstanceOf(StaleTokenException.class);
    }

    @Test
    void aWriteThatMayBeMadeOnceIsMadeOnceAndARepetitionIsToldSo() {
        assertThat(fence.writeOnce(token(1, "a"), Write.value("v", "first"))).isEqualTo(Once.APPLIED);
        server.command("SET", "v", "changed by others");

        assertThat(fence.writeOnce(token(1, "a"), Write.value("v", "first"))).isEqualTo(Once.ALREADY_APPLIED);
        assertThat(server.command("GET", "v")).isEqualTo("changed by others");
        assertThat(fence.writeOnce(token(2, "b"), Write.value("v", "second"))).isEqualTo(Once.APPLIED);
    }

    @Test
    void aClaimLeavesTheOneWriteOfItsTokenToBeMade() {
        fence.claim(token(1, "a"));

        assertThat(fence.writeOnce(token(1, "a"), Write.value("v", "x"))).isEqualTo(Once.APPLIED);
        assertThat(fence.writeOnce(token(1, "a"), Write.value("v", "y"))).isEqualTo(Once.ALREADY_APPLIED);
    }

    @Test
    void valuesHashesAndDeletionsAreOneStep() {
        server.command("SET", "old", "x");
        fence.write(
                token(1, "a"),
                Write.value("v", ""),
                Write.hash("h", Map.of("one", "1", "zwei", "\u20ac")),
                Write.delete("old"),
                Write.hash("h", Map.of("one", "2")));

        assertThat(server.command("GET", "v")).isEmpty();
        assertThat(server.command("HGET", "h", "one")).isEqualTo("2");
        assertThat(server.command("HGET", "h", "zwei")).isEqualTo("\u20ac");
        assertThat(server.command("EXISTS", "old")).isEqualTo("0");
    }

    @Test
    void whatCannotBeWrittenWhollyIsNotWrittenAtAllAndTheTokenIsNotSpent() {
        server.command("SET", "text", "x");

        assertThatThrownBy(() ->
                        fence.writeOnce(token(1, "a"), Write.value("v", "x"), Write.hash("text", Map.of("field", "y"))))
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("text is no hash but a string; nothing was written");
        assertThat(server.command("EXISTS", "v")).isEqualTo("0");
        assertThat(fence.writeOnce(token(1, "a"), Write.value("v", "x"))).isEqualTo(Once.APPLIED);
    }

    @Test
    void aFullMemoryRefusesBeforeAnythingIsWritten() {
        server.command("CONFIG", "SET", "maxmemory", "1");
        try {
            assertThatThrownBy(() -> fence.write(token(1, "a"), Write.value("v", "x")))
                    .isInstanceOf(RedisException.class);
        } finally {
            server.command("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(server.command("DBSIZE")).isEqualTo("0");
    }

    @Test
    void aFenceThatSomebodyHasOverwrittenAdmitsNothing() {
        server.command("HSET", "fencepost:fence:{r}", "last_token", "many");

        assertThatThrownBy(() -> fence.write(token(9, "a"), Write.value("v", "x")))
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("has no number for last_token but 'many'");
        assertThat(server.command("EXISTS", "v")).isEqualTo("0");
    }

    @Test
    void badInputIsNamed() {
        assertThatThrownBy(() -> Write.value("", "x")).hasMessageContaining("key must not be empty");
        assertThatThrownBy(() -> Write.delete("fencepost:fence:{r}")).hasMessageContaining("where fences are");
        assertThatThrownBy(() -> Write.hash("h", Map.of())).hasMessageContaining("'h' must be at least one");
        assertThatThrownBy(
                        () -> fence.write(token(1, "a"), Write.value("k", "x"), Write.hash("k", Map.of("field", "y"))))
                .hasMessageContaining("'k' is set to a value and cannot be a hash");
        assertThat(server.command("DBSIZE")).isEqualTo("0");
    }

    @Test
    void theLargestTokensAreTold() {
        fence.write(token(FencingToken.MAX_VALUE, "a"), Write.value("v", "x"));

        assertThatThrownBy(() -> fence.claim(token(FencingToken.MAX_VALUE - 1, "b")))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("r#9007199254740991");
    }

    @Test
    void underConcurrencyNothingOlderIsWrittenAfterANewerToken() {
        List<Integer> numbers =
                new ArrayList<>(IntStream.rangeClosed(1, 400).boxed().toList());
        Collections.shuffle(numbers, new Random(1));
        AtomicInteger refused = new AtomicInteger();
        List<CompletableFuture<Void>> writers = IntStream.range(0, 8)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                    for (int i = thread; i < numbers.size(); i += 8) {
                        refused.addAndGet(write(numbers.get(i)) ? 0 : 1);
                    }
                }))
                .toList();
        writers.forEach(CompletableFuture::join);

        assertThat(server.command("GET", "v")).isEqualTo("400");
        assertThat(server.command("HGET", "h", "number")).isEqualTo("400");
        assertThat(refused).hasValueBetween(1, 399);
    }

    /** Whether it was admitted. What is there afterwards is of this token or a newer one, in either case. */
    private static boolean write(int number) {
        String text = Integer.toString(number);
        boolean admitted;
        try {
            fence.write(token(number, "o" + number), Write.value("v", text), Write.hash("h", Map.of("number", text)));
            admitted = true;
        } catch (StaleTokenException stale) {
            assertThat(stale.lastToken().value()).isGreaterThan(number);
            admitted = false;
        }
        RScript read = redisson.getScript(StringCodec.INSTANCE);
        List<Object> both = read.eval(
                RScript.Mode.READ_ONLY,
                "return {redis.call('GET', 'v'), redis.call('HGET', 'h', 'number')}",
                RScript.ReturnType.LIST);
        assertThat(both.get(0)).isEqualTo(both.get(1));
        assertThat(Integer.parseInt(String.valueOf(both.get(0)))).isGreaterThanOrEqualTo(number);
        return admitted;
    }

    private static FencingToken token(long value, String owner) {
        return new FencingToken("r", value, owner);
    }
}
