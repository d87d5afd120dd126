package dev.fencepost.sim;

import dev.fencepost.spi.HeldLock;
import dev.fencepost.spi.NodeReply;
import dev.fencepost.spi.NodeReply.Marker;
import dev.fencepost.spi.NodeRequest;
import dev.fencepost.spi.NodeRequest.View;
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
        NodeReply raise(Marker in, NodeRequest request, long token) {
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
        NodeReply raise(Marker in, NodeRequest request, long token) {
            if (!isHeldBy(in, request.resource(), request.owner())) {
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
        NodeReply extend(Marker in, HeldLock lock, View view, long ttlMillis) {
            long reached = Math.max(lock.token(), counter(lock.resource()));
            return super.extend(in, new HeldLock(lock.resource(), lock.owner(), reached), view, ttlMillis);
        }
    }

    /** Answers a repeated grant with the counter as it is. */
    static final class GrantRepeatsValue extends SimulatedServer {
        GrantRepeatsValue(LongSupplier clock) {
            super(clock);
        }

        @Override
        long nextToken(Marker in, NodeRequest request, long reached) {
            return isHeldBy(in, request.resource(), request.owner()) ? reached : reached + request.tokens();
        }
    }

    /** Answers with the last of the tokens that are wanted, and takes only the first from the counter. */
    static final class Narrow extends SimulatedServer {
        Narrow(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply grant(Marker in, NodeRequest request, long ttlMillis, long floor) {
            NodeReply reply = super.grant(in, request, ttlMillis, floor);
            if (reply instanceof NodeReply.Granted granted) {
                counters.put(request.resource(), granted.token() - request.tokens() + 1);
            }
            return reply;
        }
    }

    /** Moves to new views, and takes part in attempts of any. */
    static final class WithoutViews extends SimulatedServer {
        WithoutViews(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply grant(Marker in, NodeRequest request, long ttlMillis, long floor) {
            return super.grant(in, inAnyView(request), ttlMillis, floor);
        }

        @Override
        NodeReply raise(Marker in, NodeRequest request, long token) {
            return super.raise(in, inAnyView(request), token);
        }

        private NodeRequest inAnyView(NodeRequest request) {
            long own = marker.map(now -> now.numbers().view()).orElse(0L);
            return new NodeRequest(
                    request.resource(), request.owner(), new View(request.view().epoch(), own), request.tokens());
        }
    }

    /** Lets counters go without starting from where they were. */
    static final class Thoughtless extends SimulatedServer {
        Thoughtless(LongSupplier clock) {
            super(clock);
        }

        @Override
        void startFrom(long floor) {
            // Counters start from nothing.
        }
    }

    /** Puts a lock back wherever the counter has not passed the token, though it may have been further and gone since. */
    static final class Trusting extends SimulatedServer {
        Trusting(LongSupplier clock) {
            super(clock);
        }

        @Override
        long unsettled(View view) {
            return 0;
        }
    }

    /** Makes believe that it has waited for long. */
    static final class Hasty extends SimulatedServer {
        private static final long LONG = 1_000_000;

        Hasty(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply look() {
            NodeReply.Seen seen = (NodeReply.Seen) super.look();
            boolean waits = seen.marker().filter(now -> !now.ready()).isPresent();
            return new NodeReply.Seen(
                    seen.text(),
                    seen.marker(),
                    seen.process(),
                    seen.nowMillis() + (waits ? LONG : 0),
                    seen.condition());
        }
    }

    /** Says that it knows of no token, like all nodes but the first. */
    static final class Modest extends SimulatedServer {
        Modest(LongSupplier clock) {
            super(clock);
        }

        @Override
        NodeReply advance(Marker in, long view, long longestMillis) {
            NodeReply reply = super.advance(in, view, longestMillis);
            if (!(reply instanceof NodeReply.Advanced told)
                    || told.marker().identity().name().equals("node-0")) {
                return reply;
            }
            Marker own = told.marker();
            Marker.Numbers numbers = new Marker.Numbers(
                    own.numbers().view(),
                    0,
                    own.numbers().floor(),
                    own.numbers().settled());
            return new NodeReply.Advanced(new Marker(true, own.life(), numbers, own.terms(), own.identity()));
        }
    }
}
