package dev.fencepost.bench.ways;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.cp.lock.FencedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The lock of Hazelcast's CP subsystem on three members in this process, which keep nothing on disk. */
public final class HazelcastWay implements Way {
    private static final int MEMBERS = 3;
    private static final int WAIT_SECONDS = 30;

    private final List<HazelcastInstance> members = new ArrayList<>();

    /**
     * Starts the members.
     *
     * @throws RuntimeException if this edition does not have the subsystem
     */
    public HazelcastWay() {
        try {
            for (int i = 0; i < MEMBERS; i++) {
                members.add(Hazelcast.newHazelcastInstance(config()));
            }
            members.get(0).getCPSubsystem().getLock("first");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Config config() {
        Config config = new Config();
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
        config.getCPSubsystemConfig().setCPMemberCount(MEMBERS);
        return config;
    }

    @Override
    public String title() {
        return "Hazelcast FencedLock, 3 CP members, token";
    }

    @Override
    public Runnable acquire(String resource) {
        FencedLock lock = members.get(0).getCPSubsystem().getLock(resource);
        if (!lock.tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(resource + " was not locked within " + WAIT_SECONDS + " s");
        }
        return lock::unlock;
    }

    @Override
    public void close() {
        members.forEach(member -> member.getLifecycleService().terminate());
    }
}
