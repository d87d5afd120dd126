package dev.fencepost.examples.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every transfer that was ordered in a run: those of the workload, and those that went with the trouble. For use by one thread. */
final class Orders {
    private final Workload workload;
    private final long regular;
    private final List<Transfer> special = new ArrayList<>();

    Orders(Workload workload, long regular) {
        this.workload = workload;
        this.regular = regular;
    }

    /** Orders one more. */
    Transfer order(int debit, int credit, long cents) {
        Transfer transfer = new Transfer(count() + 1, debit, credit, cents);
        special.add(transfer);
        return transfer;
    }

    long count() {
        return regular + special.size();
    }

    /** The order with that number. */
    Optional<Transfer> find(long id) {
        if (id < 1 || id > count()) {
            return Optional.empty();
        }
        return Optional.of(id <= regular ? workload.transfer(id) : special.get((int) (id - regular - 1)));
    }
}
