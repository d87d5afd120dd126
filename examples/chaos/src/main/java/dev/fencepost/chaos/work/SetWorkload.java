package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.chaos.history.WriteFact.Kind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Adds to a set by reading all of it and writing all of it back, with everything that can happen in between: in two transactions, as a program does that
 * has something slow to do before it writes, or in one.
 */
final class SetWorkload implements Workload {
    private static final int IN_ONE_TRANSACTION_ONE_IN = 4;

    private final Tools tools;
    private final Manner manner;

    SetWorkload(Tools tools, Manner manner) {
        this.tools = tools;
        this.manner = manner;
    }

    /**
     * How it is done.
     *
     * @param prefix what the names of the sets begin with
     * @param sets how many there are
     * @param thinking how long it takes at most from what was read to what is to be written, in milliseconds
     */
    record Manner(String prefix, int sets, long thinking) {}

    @Override
    public void cycle() {
        String resource = manner.prefix() + tools.random().nextInt(manner.sets());
        boolean inOne = manner.thinking() == 0 && tools.random().nextInt(IN_ONE_TRANSACTION_ONE_IN) == 0;
        try (RecordedLease lease = tools.leases().acquire(resource, WAIT)) {
            List<FencingToken> tokens = lease.tokens();
            String id = tools.store().writes().nextId();
            tools.points().reach(Point.BEFORE_CLAIM);
            tools.store().writes().run(Kind.ADD, tokens, id, () -> {
                if (inOne) {
                    inOneTransaction(resource, tokens, id);
                } else {
                    inTwoTransactions(resource, tokens, id);
                }
            });
        }
    }

    private void inTwoTransactions(String resource, List<FencingToken> tokens, String id) {
        Guarding guarding = tools.store().guarding();
        List<String> read = guarding.read(tokens, handle -> {
            tools.points().reach(Point.BETWEEN_CLAIM_AND_READ);
            return Tables.readSet(handle, resource);
        });
        tools.points().reach(Point.BETWEEN_READ_AND_WRITE);
        if (manner.thinking() > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(tools.random().nextLong(manner.thinking())));
        }
        guarding.write(tokens, handle -> {
            Tables.writeSet(handle, resource, read, id);
            Tables.audit(handle, tokens, id);
            tools.points().reach(Point.BETWEEN_WRITE_AND_COMMIT);
        });
    }

    private void inOneTransaction(String resource, List<FencingToken> tokens, String id) {
        tools.store().guarding().write(tokens, handle -> {
            tools.points().reach(Point.BETWEEN_CLAIM_AND_READ);
            List<String> read = Tables.readSet(handle, resource);
            tools.points().reach(Point.BETWEEN_READ_AND_WRITE);
            Tables.writeSet(handle, resource, read, id);
            Tables.audit(handle, tokens, id);
            tools.points().reach(Point.BETWEEN_WRITE_AND_COMMIT);
        });
    }
}
