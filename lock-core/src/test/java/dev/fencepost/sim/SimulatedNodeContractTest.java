package dev.fencepost.sim;

import dev.fencepost.spi.LockNode;
import dev.fencepost.spi.MembershipContract;
import java.time.Duration;

class SimulatedNodeContractTest extends MembershipContract {
    private long nanos;

    @Override
    protected LockNode open() {
        return new SimulatedNode("simulated", new SimulatedServer(() -> nanos));
    }

    @Override
    protected void pass(String resource, Duration time) {
        nanos += time.toNanos();
    }
}
