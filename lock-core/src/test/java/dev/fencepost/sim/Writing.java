package dev.fencepost.sim;

import dev.fencepost.FencingToken;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Adds one element to what the store has under a token: claims, reads, writes back. It does not care whether the lease is still there; the guard does. */
final class Writing {
    private final Simulation world;
    private final ClientProcess process;
    private final FencingToken token;

    Writing(Simulation world, ClientProcess process, FencingToken token) {
        this.world = world;
        this.process = process;
        this.token = token;
    }

    void start() {
        ask(() -> world.store().claim(token), claimed -> {
            if (claimed) {
                ask(() -> world.store().read(token.resource()), this::write);
            }
        });
    }

    private void write(BitSet read) {
        int element = world.newElement();
        BitSet value = (BitSet) read.clone();
        value.set(element);
        ask(
                () -> {
                    boolean done = world.store().write(token, value);
                    checkNothingIsLost();
                    return done;
                },
                done -> {
                    if (done) {
                        world.acknowledged(token.resource()).set(element);
                        checkNothingIsLost();
                    }
                });
    }

    private void checkNothingIsLost() {
        BitSet missing = (BitSet) world.acknowledged(token.resource()).clone();
        missing.andNot(world.store().read(token.resource()));
        if (!missing.isEmpty()) {
            world.monitor().fail(Invariant.NO_LOST_UPDATE, missing + " of " + token + " is not there any more");
        }
    }

    private <R> void ask(Supplier<R> request, Consumer<R> then) {
        Network network = world.network();
        if (network.losesRequest()) {
            return;
        }
        world.loop().at(process.instant() + network.delay(), () -> {
            R reply = request.get();
            if (!network.losesReply()) {
                process.at(world.loop().now() + network.delay(), () -> then.accept(reply));
            }
        });
    }
}
