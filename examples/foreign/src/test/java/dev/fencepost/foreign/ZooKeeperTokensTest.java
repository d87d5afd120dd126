package dev.fencepost.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencingToken;
import dev.fencepost.jdbc.StaleTokenException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarded writes with the {@code czxid} of a lock's node in ZooKeeper, taken through Curator's {@code InterProcessMutex}. */
class ZooKeeperTokensTest {
    @RegisterExtension
    static final Ledger LEDGER = new Ledger();

    private static final int PATIENCE_SECONDS = 60;

    private static TestingServer server;

    private final String account = "account/" + UUID.randomUUID();
    private CuratorFramework first;
    private CuratorFramework second;

    /** A mutex that knows the transaction in which its node was created: later ones are larger, and the node's number never changes. */
    private static final class FencedMutex extends InterProcessMutex {
        private final CuratorFramework client;

        FencedMutex(CuratorFramework client, String account) {
            super(client, "/locks/" + account);
            this.client = client;
        }

        /** To be read once, right after acquiring. When the node is gone there is no token, and not that of somebody else. */
        long czxid() throws Exception {
            return client.checkExists().forPath(getLockPath()).getCzxid();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = new TestingServer(true);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void connect() {
        first = client();
        second = client();
    }

    @AfterEach
    void disconnect() {
        first.close();
        second.close();
    }

    @Test
    void afterAPauseTheStaleWriteIsRefusedAndTheLiveOneAdmitted() throws Exception {
        FencedMutex holder = new FencedMutex(first, account);
        holder.acquire();
        FencingToken stale = FencingToken.of(account, holder.czxid());
        endSession(first);

        FencedMutex next = new FencedMutex(second, account);
        assertThat(next.acquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        FencingToken live = FencingToken.of(account, next.czxid());
        LEDGER.write(live, 200);

        assertThatThrownBy(() -> LEDGER.write(stale, 100))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("the store has admitted " + live);
        assertThat(LEDGER.cents(account)).isEqualTo(200);
    }

    @Test
    void numbersFollowTheOrderInWhichHoldersStoodInLine() throws Exception {
        long last = 0;
        for (int i = 0; i < 20; i++) {
            FencedMutex mutex = new FencedMutex(i % 2 == 0 ? first : second, account);
            mutex.acquire();
            assertThat(mutex.czxid()).isGreaterThan(last);
            last = mutex.czxid();
            LEDGER.write(FencingToken.of(account, last), i);
            mutex.release();
        }
        assertThat(LEDGER.cents(account)).isEqualTo(19);
    }

    /** The upper half of the number counts elections of a leader: from the 2,097,152nd on, it is no token any more. */
    @Test
    void numbersBeyondTheLargestTokenAreRefusedRatherThanCut() {
        long afterManyElections = 2_097_152L << 32;

        assertThatThrownBy(() -> FencingToken.of(account, afterManyElections))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to 2^53 - 1, but is " + afterManyElections);
    }

    /** As when the holder was paused for longer than its session lasts: the server ends it, and the holder does not know. */
    private static void endSession(CuratorFramework client) throws Exception {
        ZooKeeper own = client.getZookeeperClient().getZooKeeper();
        ZooKeeper same = new ZooKeeper(
                server.getConnectString(), 10_000, event -> {}, own.getSessionId(), own.getSessionPasswd());
        // Makes sure that it has joined the session, which it then ends.
        same.exists("/", false);
        same.close();
    }

    private static CuratorFramework client() {
        CuratorFramework client =
                CuratorFrameworkFactory.newClient(server.getConnectString(), 30_000, 15_000, new RetryOneTime(100));
        client.start();
        return client;
    }
}
