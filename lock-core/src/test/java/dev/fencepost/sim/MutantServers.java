package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeRequest;
import java.util.function.LongSupplier;

/** Servers that each leave out one check. */
final class MutantServers {
    private MutantServers() {}

    /** Raises whoever holds the lock. */
    static final class BlindRaise extends SimulatedServer {
        BlindRaise(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply raise(NodeRequest request, long token) {
            lift(request.resource(), token);
            return NodeReply.Done.INSTANCE;
        }
    }

    /** Raises however far the counter is. */
    static final class RaiseIgnoresCounter extends SimulatedServer {
        RaiseIgnoresCounter(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply raise(NodeRequest request, long token) {
            if (!isHeldBy(request.resource(), request.owner())) {
                return NodeReply.NotHeld.INSTANCE;
            }
            lift(request.resource(), token);
            return NodeReply.Done.INSTANCE;
        }
    }

    /** Extends however far the counter is. */
    static final class ExtendIgnoresCounter extends SimulatedServer {
        ExtendIgnoresCounter(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply extend(HeldLock lock, long ttlMillis) {
            long reached = Math.max(lock.token(), counter(lock.resource()));
            return super.extend(new HeldLock(lock.resource(), lock.owner(), reached), ttlMillis);
        }
    }

    /** Answers a repeated grant with the counter as it is. */
    static final class GrantRepeatsValue extends SimulatedServer {
        GrantRepeatsValue(LongSupplier clock) {
            super(clock);
        }

        @Override
        long nextToken(NodeRequest request, long reached) {
            return isHeldBy(request.resource(), request.owner()) ? reached : reached + 1;
        }
    }
}
