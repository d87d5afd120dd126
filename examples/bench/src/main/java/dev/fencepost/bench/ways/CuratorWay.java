package dev.fencepost.bench.ways;

import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.test.TestingCluster;
import org.apache.curator.utils.CloseableUtils;

/** Curator's mutex on an ensemble of three ZooKeeper servers in this process, which do not wait for the disk: no more durable than the Redis nodes. */
public final class CuratorWay implements Way {
    private static final int SERVERS = 3;
    private static final int WAIT_SECONDS = 30;

    private final TestingCluster servers;
    private final CuratorFramework client;

    /** Starts the servers and connects. */
    public CuratorWay() throws Exception {
        System.setProperty("zookeeper.forceSync", "no");
        servers = new TestingCluster(SERVERS);
        servers.start();
        client = CuratorFrameworkFactory.newClient(servers.getConnectString(), new ExponentialBackoffRetry(100, 3));
        client.start();
        client.blockUntilConnected();
    }

    @Override
    public String title() {
        return "Curator, 3 ZooKeeper servers without fsync, zxid";
    }

    @Override
    public Runnable acquire(String resource) {
        InterProcessMutex mutex = new InterProcessMutex(client, "/bench/" + resource);
        try {
            if (!mutex.acquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(resource + " was not locked within " + WAIT_SECONDS + " s");
            }
        } catch (Exception e) {
            throw new IllegalStateException("could not lock " + resource, e);
        }
        return () -> release(mutex);
    }

    private static void release(InterProcessMutex mutex) {
        try {
            mutex.release();
        } catch (Exception e) {
            throw new IllegalStateException("could not unlock", e);
        }
    }

    @Override
    public void close() {
        client.close();
        CloseableUtils.closeQuietly(servers);
    }
}
