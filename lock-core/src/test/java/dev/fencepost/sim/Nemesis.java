package dev.fencepost.sim;

import java.util.List;
import java.util.SplittableRandom;

/** Does from time to time what goes wrong by itself and not to a single message. */
final class Nemesis {
    private static final long BETWEEN = 120 * Timing.MILLI;
    private static final long OFTEN = 40 * Timing.MILLI;
    private static final long DOWN = 300 * Timing.MILLI;
    private static final long OFF = 200 * Timing.MILLI;
    private static final double SMALL = 0.0045;

    private final Simulation world;
    private final Operator operator;
    private final List<Fault> own;

    Nemesis(Simulation world) {
        this.world = world;
        this.operator = new Operator(world);
        this.own = world.scenario().faults().stream().sorted().toList();
    }

    /** Sets the clocks, and begins. */
    void start() {
        for (NodeHost host : world.hosts()) {
            host.clock().runAt(world.has(Fault.CLOCK_RATES) ? random().nextDouble(0.3, 3) : slightlyOff(), 0);
        }
        for (ClientProcess process : world.processes()) {
            process.clock().runAt(world.has(Fault.CLOCK_RATES) ? random().nextDouble(0.8, 1.25) : slightlyOff(), 0);
        }
        later();
    }

    /** Mends everything that can be mended; what stands still awakes by itself. */
    void heal() {
        boolean sane = own.stream().allMatch(Fault::isSane);
        for (NodeHost host : world.hosts()) {
            host.start();
            if (!sane) {
                host.clock().runAt(1, world.loop().now());
            }
        }
    }

    private double slightlyOff() {
        return world.has(Fault.DRIFT) ? random().nextDouble(1 - SMALL, 1 + SMALL) : 1;
    }

    private void later() {
        long most = world.scenario().isHard() ? OFTEN : BETWEEN;
        world.loop().at(world.loop().now() + random().nextLong(most), () -> {
            if (!world.isHealed() && !own.isEmpty()) {
                strike(own.get(random().nextInt(own.size())));
                later();
            }
        });
    }

    private void strike(Fault fault) {
        world.trace(() -> "nemesis: " + fault);
        long now = world.loop().now();
        NodeHost host = any(world.hosts());
        ClientProcess process = any(world.processes());
        switch (fault) {
            case CUTS -> any(world.links()).cut(now + random().nextLong(OFF));
            case ONE_WAY -> any(world.links()).loseOneWay(random().nextBoolean(), now + random().nextLong(OFF));
            case CRASHES -> crash(host);
            case PAUSES -> process.pause(now + random().nextLong(Timing.LONGEST_STANDSTILL));
            case PROCESS_CRASHES -> end(process);
            case CLOCK_JUMPS -> host.clock().jump(random().nextLong(-Timing.LEASE, 2 * Timing.LEASE));
            case EARLY_EXPIRY -> host.expire(world.resource());
            case AMNESIA -> forget(host);
            case CHANGES -> operator.change();
            case UNUSED_GO -> host.letUnusedGo(now + random().nextLong(OFF));
            default -> world.trace(() -> fault + " happens by itself");
        }
    }

    /** Only while a majority of the others is ready: more than that is for people to mend. */
    private void forget(NodeHost host) {
        if (!operator.canDoWithout(host) || random().nextInt(3) == 0) {
            host.remember();
            return;
        }
        operator.lost();
        host.forget(random().nextBoolean(), random().nextInt(4) > 0);
    }

    private void crash(NodeHost host) {
        if (host.isDown()) {
            return;
        }
        long back = world.loop().now() + random().nextLong(DOWN);
        host.stop();
        world.linksTo(host).forEach(link -> link.cut(back + world.network().delay()));
        world.loop().at(back, host::start);
    }

    private void end(ClientProcess process) {
        boolean others = world.processes().stream().anyMatch(other -> other != process && !other.isDead());
        if (others && random().nextInt(3) == 0) {
            process.die();
            world.hosts()
                    .forEach(host -> world.linksTo(host).stream()
                            .filter(link -> link.isOf(process))
                            .forEach(host.server()::unsubscribe));
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random().nextInt(of.size()));
    }

    private SplittableRandom random() {
        return world.random();
    }
}
