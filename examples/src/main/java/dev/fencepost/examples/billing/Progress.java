package dev.fencepost.examples.billing;

import dev.fencepost.Lease;
import java.util.List;

/** Is told where a charge has come to, on the thread that charges: whatever it does there, the charge waits for it. */
public interface Progress {
    /** The customer is locked. */
    void acquired(Lease lease);

    /** The invoices are read, the lease was just seen to be held, and the next thing is to write. */
    void aboutToWrite(Lease lease, List<Invoice> open);

    /** The charges are committed, and the customer is about to be released. */
    void charged(Lease lease, List<Invoice> charged);
}
