package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.StaleTokenException;
import dev.fencepost.servers.RedisServer;
import dev.fencepost.servers.RedisServers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.redisson.Redisson;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Guarded writes with the tokens of Redisson's {@code RFencedLock}: what they are good for, and how they betray the guard. */
class RedissonTokensTest {
    @RegisterExtension
    static final Ledger LEDGER = new Ledger();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long BRIEF_MILLIS = 200;
    private static final long LONG_MILLIS = 60_000;

    private static RedisServers servers;
    private static RedisServer server;

    private final String account = "account/" + UUID.randomUUID();
    private RedissonClient first;
    private RedissonClient second;

    @BeforeAll
    static void start() {
        servers = RedisServers.start(1);
        server = servers.node(0);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @BeforeEach
    void connect() {
        first = client();
        second = client();
    }

    @AfterEach
    void disconnect() {
        first.shutdown();
        second.shutdown();
    }

    @Test
    void afterAPauseTheStaleWriteIsRefusedAndTheLiveOneAdmitted() throws InterruptedException {
        long stale = take(first, BRIEF_MILLIS);
        long live = takeWhenFree(second);
        LEDGER.write(FencingToken.of(account, live), 200);

        assertThatThrownBy(() -> LEDGER.write(FencingToken.of(account, stale), 100))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("the store has admitted " + account + "#" + live);
        assertThat(LEDGER.cents(account)).isEqualTo(200);
    }

    /** The counter is shared: whoever reads it again after a pause is given the number of whoever holds the lock by then. */
    @Test
    void aTokenThatIsReadAgainAfterAPauseIsTheSuccessorsAndTheGuardCannotTell() throws InterruptedException {
        long stale = take(first, BRIEF_MILLIS);
        long live = takeWhenFree(second);
        long readAgain = first.getFencedLock(account).getToken();
        LEDGER.write(FencingToken.of(account, live), 200);

        assertThat(readAgain).isEqualTo(live).isGreaterThan(stale);
        LEDGER.write(FencingToken.of(account, readAgain), 100);
        assertThat(LEDGER.cents(account))
                .as("the stale write has replaced the live one")
                .isEqualTo(100);
    }

    @Test
    void withAnOwnerOfItsOwnEachTheGuardDoesTellEvenThen() throws InterruptedException {
        take(first, BRIEF_MILLIS);
        long live = takeWhenFree(second);
        long readAgain = first.getFencedLock(account).getToken();
        LEDGER.write(new FencingToken(account, live, second.getId()), 200);

        assertThatThrownBy(() -> LEDGER.write(new FencingToken(account, readAgain, first.getId()), 100))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("the same number of another owner");
        assertThat(LEDGER.cents(account)).isEqualTo(200);
    }

    @Test
    void inAMultiLockTheCounterExpiresAndTheGuardRefusesTheLiveHolder() throws InterruptedException {
        long before = loseCounterInMultiLock();
        LEDGER.write(FencingToken.of(account, before), 100);
        long live = takeWhenFree(second);

        assertThat(live).isOne();
        assertThatThrownBy(() -> LEDGER.write(FencingToken.of(account, live), 200))
                .as("nothing is overwritten, and nothing can be written until the counter has passed the store")
                .isInstanceOf(StaleTokenException.class);
        assertThat(LEDGER.cents(account)).isEqualTo(100);
    }

    /** What no guard can help with: the store has not seen the larger number before the live holder wrote under the smaller one. */
    @Test
    void inAMultiLockTheCounterExpiresAndAStaleWriteThatComesLateForTheFirstTimeIsAdmitted()
            throws InterruptedException {
        long stale = loseCounterInMultiLock();
        long live = takeWhenFree(second);
        LEDGER.write(FencingToken.of(account, live), 200);

        assertThat(stale).isGreaterThan(live);
        LEDGER.write(FencingToken.of(account, stale), 100);
        assertThat(LEDGER.cents(account)).isEqualTo(100);
    }

    @Test
    void flushAllSetsTheCounterBackAndTheGuardRefusesUntilItIsLiftedAboveTheStore() throws InterruptedException {
        long before = 0;
        for (int i = 0; i < 3; i++) {
            before = take(first, LONG_MILLIS);
            first.getFencedLock(account).unlock();
        }
        LEDGER.write(FencingToken.of(account, before), 100);
        server.command("FLUSHALL");

        long afterwards = take(second, LONG_MILLIS);
        second.getFencedLock(account).unlock();
        assertThat(afterwards).isOne();
        assertThatThrownBy(() -> LEDGER.write(FencingToken.of(account, afterwards), 200))
                .isInstanceOfSatisfying(
                        StaleTokenException.class,
                        e -> server.command(
                                "SET", counter(), Long.toString(e.lastToken().value())));
        LEDGER.write(FencingToken.of(account, take(second, LONG_MILLIS)), 300);
        assertThat(LEDGER.cents(account)).isEqualTo(300);
    }

    /** Why the tests use the form with a time to wait and a lease time. */
    @Test
    void oneFormIgnoresTheLeaseTimeThatItIsGiven() {
        first.getFencedLock(account).lockAndGetToken(2, TimeUnit.SECONDS);

        assertThat(Long.parseLong(server.command("PTTL", account))).isGreaterThan(10_000);
        first.getFencedLock(account).unlock();
    }

    /** Takes the lock a few times, the last time in a multi-lock, and waits until that has taken the counter with it. */
    private long loseCounterInMultiLock() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            take(first, LONG_MILLIS);
            first.getFencedLock(account).unlock();
        }
        RLock multi = first.getMultiLock(first.getFencedLock(account));
        assertThat(multi.tryLock(LONG_MILLIS, BRIEF_MILLIS, TimeUnit.MILLISECONDS))
                .isTrue();
        long token = first.getFencedLock(account).getToken();
        await().atMost(SOON).until(() -> server.command("EXISTS", counter()).equals("0"));
        return token;
    }

    /** Redisson renews what is locked without a lease time, and ends what is locked with one. */
    private long take(RedissonClient client, long leaseMillis) {
        RFencedLock lock = client.getFencedLock(account);
        Long token = lock.tryLockAndGetToken(0, leaseMillis, TimeUnit.MILLISECONDS);
        assertThat(token).as("the lock was free").isNotNull();
        return token;
    }

    private long takeWhenFree(RedissonClient client) {
        RFencedLock lock = client.getFencedLock(account);
        Long token = lock.tryLockAndGetToken(SOON.toMillis(), LONG_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(token).as("the lock became free").isNotNull();
        return token;
    }

    private String counter() {
        return "redisson_lock_token:{" + account + "}";
    }

    private static RedissonClient client() {
        Config config = new Config();
        config.useSingleServer()
                .setAddress(server.uri())
                .setConnectionMinimumIdleSize(1)
                .setConnectionPoolSize(4);
        return Redisson.create(config);
    }
}
