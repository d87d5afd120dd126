package dev.fencepost.chaos.work;

import dev.fencepost.FencingToken;
import dev.fencepost.chaos.history.Observation;
import dev.fencepost.chaos.history.WriteFact.Kind;
import java.util.List;
import org.jdbi.v3.core.JdbiException;

/** Writes into a protected table, and forgets the guard now and then. */
final class NoteWorkload implements Workload {
    private static final int RESOURCES = 2;
    private static final int FORGETS_ONE_IN = 5;

    private final Tools tools;

    NoteWorkload(Tools tools) {
        this.tools = tools;
    }

    @Override
    public void cycle() {
        String resource = "note/" + tools.random().nextInt(RESOURCES);
        boolean forgets = tools.random().nextInt(FORGETS_ONE_IN) == 0;
        try (RecordedLease lease = tools.leases().acquire(resource, WAIT)) {
            String id = tools.store().writes().nextId();
            tools.points().reach(Point.BEFORE_CLAIM);
            if (forgets) {
                forget(resource, id);
            } else {
                note(lease.tokens(), resource, id);
            }
        }
    }

    private void note(List<FencingToken> tokens, String resource, String id) {
        tools.store()
                .writes()
                .run(
                        Kind.NOTE,
                        tokens,
                        id,
                        () -> tools.store().guarding().write(tokens, handle -> {
                            Tables.note(handle, resource, id);
                            Tables.audit(handle, tokens, id);
                            tools.points().reach(Point.BETWEEN_WRITE_AND_COMMIT);
                        }));
    }

    /** A lock is held, and the guard is not asked. That a connection is lost says nothing, and then the row is looked for at the end. */
    private void forget(String resource, String id) {
        boolean stored = true;
        try {
            tools.store().jdbi().useTransaction(handle -> Tables.note(handle, resource, id));
        } catch (JdbiException refused) {
            stored = false;
        }
        tools.store().recorder().observation(new Observation.Unclaimed(id, stored));
    }
}
