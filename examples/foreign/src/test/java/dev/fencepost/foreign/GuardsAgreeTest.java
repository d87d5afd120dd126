package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.FencepostException;
import dev.fencepost.FencingToken;
import dev.fencepost.foreign.http.BalanceServlet;
import dev.fencepost.foreign.http.FencedHttp;
import dev.fencepost.foreign.http.FencingTokenFilter;
import dev.fencepost.jdbc.Once;
import dev.fencepost.redis.RedisFence;
import dev.fencepost.redis.RedisFence.Write;
import dev.fencepost.servers.RedisServers;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** The guards of PostgreSQL, of Redis and behind HTTP admit and refuse the same, and say the same. */
class GuardsAgreeTest {
    @RegisterExtension
    static final Ledger LEDGER = new Ledger();

    private static RedisServers servers;
    private static RedissonClient redisson;
    private static RedisFence fence;
    private static Server jetty;
    private static URI service;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        servers = RedisServers.start(1);
        Config config = new Config();
        config.useSingleServer().setAddress(servers.node(0).uri()).setConnectionMinimumIdleSize(1);
        redisson = Redisson.create(config);
        fence = RedisFence.of(redisson);
        jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(new FilterHolder(new FencingTokenFilter()), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new BalanceServlet(LEDGER.guard())), "/balance");
        jetty.setHandler(context);
        jetty.start();
        service = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/balance");
    }

    @AfterAll
    static void stop() throws Exception {
        jetty.stop();
        redisson.shutdown();
        servers.close();
    }

    /** What a guard makes of a write: "written", "already", or what the exception says. */
    private interface Guard {
        String write(FencingToken token, boolean once, long value) throws Exception;

        default String outcome(FencingToken token, boolean once, long value) {
            try {
                return write(token, once, value);
            } catch (FencepostException e) {
                return e.getClass().getSimpleName() + " " + e.advice() + ": " + e.getMessage();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final Map<String, Guard> GUARDS =
            Map.of("sql", GuardsAgreeTest::sql, "redis", GuardsAgreeTest::redis, "http", GuardsAgreeTest::http);

    private static String sql(FencingToken token, boolean once, long value) {
        if (once) {
            return LEDGER.guard().writeOnce(token, handle -> {}) == Once.FIRST ? "written" : "already";
        }
        LEDGER.write(token, value);
        return "written";
    }

    private static String redis(FencingToken token, boolean once, long value) {
        Write write = Write.value("balance:" + token.resource(), Long.toString(value));
        if (once) {
            return fence.writeOnce(token, write) == RedisFence.Once.APPLIED ? "written" : "already";
        }
        fence.write(token, write);
        return "written";
    }

    private static String http(FencingToken token, boolean once, long value) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service)
                .method(once ? "POST" : "PUT", HttpRequest.BodyPublishers.ofString(Long.toString(value)));
        HttpResponse<String> response = FencedHttp.orThrow(
                token, HTTP.send(FencedHttp.under(token, request).build(), HttpResponse.BodyHandlers.ofString()));
        assertThat(response.statusCode()).isBetween(200, 204);
        return response.statusCode() == 200 ? "already" : "written";
    }

    @Test
    void anySequenceOfTokensHasTheSameOutcomesEverywhere() {
        Random random = new Random(8);
        String name = UUID.randomUUID().toString();
        for (int i = 0; i < 120; i++) {
            // Mostly near each other, so that all of older, equal and newer occur, and equal numbers of two owners.
            long number = 1L + i / 6 + random.nextInt(4);
            String owner = random.nextInt(4) == 0 ? "b" : "a";
            boolean once = random.nextBoolean();
            Map<String, String> outcomes = new ConcurrentHashMap<>();
            for (Map.Entry<String, Guard> guard : GUARDS.entrySet()) {
                FencingToken token = new FencingToken(name + "/" + i / 40, number, owner);
                FencingToken own = new FencingToken(guard.getKey() + "/" + token.resource(), number, owner);
                String outcome = guard.getValue().outcome(own, once, number);
                outcomes.put(guard.getKey(), outcome.replace(own.resource(), token.resource()));
            }
            assertThat(outcomes.values().stream().distinct())
                    .as("step %d: %s", i, outcomes)
                    .hasSize(1);
        }
    }

    @Test
    void underConcurrencyNothingOlderIsWrittenAfterANewerTokenAnywhere() {
        for (Map.Entry<String, Guard> guard : GUARDS.entrySet()) {
            String resource = guard.getKey() + "/" + UUID.randomUUID();
            List<Integer> numbers =
                    new ArrayList<>(IntStream.rangeClosed(1, 60).boxed().toList());
            Collections.shuffle(numbers, new Random(3));
            Map<Integer, String> outcomes = new ConcurrentHashMap<>();
            List<CompletableFuture<Void>> writers = IntStream.range(0, 6)
                    .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                        for (int i = thread; i < numbers.size(); i += 6) {
                            int number = numbers.get(i);
                            outcomes.put(
                                    number, guard.getValue().outcome(FencingToken.of(resource, number), false, number));
                            assertThat(stored(guard.getKey(), resource))
                                    .isGreaterThanOrEqualTo(firstWritten(outcomes, number));
                        }
                    }))
                    .toList();
            writers.forEach(CompletableFuture::join);

            assertThat(outcomes.get(60)).isEqualTo("written");
            assertThat(stored(guard.getKey(), resource)).as(guard.getKey()).isEqualTo(60);
            assertThat(outcomes.values())
                    .allMatch(outcome -> outcome.equals("written")
                            || outcome.startsWith(
                                    "StaleTokenException NEVER_RETRY_WITH_THIS_TOKEN: token " + resource));
        }
    }

    /** What was written is there, or something newer. */
    private static long firstWritten(Map<Integer, String> outcomes, int number) {
        return "written".equals(outcomes.get(number)) ? number : 0;
    }

    private static long stored(String guard, String resource) {
        return guard.equals("redis")
                ? Long.parseLong(servers.node(0).command("GET", "balance:" + resource))
                : LEDGER.cents(resource);
    }

    @Test
    void aRequestWithoutATokenOrWithAWrongOneIsToldWhatIsWanted() throws Exception {
        HttpRequest.Builder put = HttpRequest.newBuilder(service).PUT(HttpRequest.BodyPublishers.ofString("1"));

        HttpResponse<String> none = HTTP.send(put.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(none.statusCode()).isEqualTo(428);
        assertThat(none.body()).contains("must carry a fencing token in Fencing-Token");
        HttpResponse<String> wrong =
                HTTP.send(put.setHeader("Fencing-Token", "seven").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("must look like 34;resource=");
    }

    @Test
    void aRefusalOverHttpSaysInItsBodyWhatTheGuardSaid() throws Exception {
        String account = UUID.randomUUID().toString();
        LEDGER.write(FencingToken.of(account, 9), 900);
        HttpRequest late = FencedHttp.under(
                        FencingToken.of(account, 8),
                        HttpRequest.newBuilder(service).PUT(HttpRequest.BodyPublishers.ofString("800")))
                .build();

        HttpResponse<String> refusal = HTTP.send(late, HttpResponse.BodyHandlers.ofString());
        assertThat(refusal.statusCode()).isEqualTo(409);
        assertThat(refusal.headers().firstValue("Fencing-Token-Last")).contains("9;resource=\"" + account + "\"");
        assertThat(refusal.body())
                .startsWith("token " + account + "#8 is stale: the store has admitted " + account
                        + "#9. Nothing was written");
        assertThat(LEDGER.cents(account)).isEqualTo(900);
    }
}
