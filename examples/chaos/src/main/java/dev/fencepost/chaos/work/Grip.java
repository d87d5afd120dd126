package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.Lease;
import dev.fencepost.MultiLease;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a lease and several leases have in common.
 *
 * @param tokens of all of them
 * @param remaining what is left
 * @param held whether something is
 * @param onLost asks to be told of a loss
 * @param close ends it
 */
record Grip(
        List<FencingToken> tokens,
        Supplier<Duration> remaining,
        BooleanSupplier held,
        Consumer<Runnable> onLost,
        Runnable close) {
    static Grip of(Lease lease) {
        return new Grip(List.of(lease.token()), lease::remaining, lease::isHeld, lease::onLost, lease::close);
    }

    static Grip of(MultiLease lease) {
        return new Grip(lease.tokens(), lease::remaining, lease::isHeld, lease::onLost, lease::close);
    }
}
