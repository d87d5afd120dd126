package dev.fencepost.examples.ledger;

import dev.fencepost.MultiLease;

/** Is told where a transfer has come to, on the thread that does it: whatever it does there, the transfer waits for it. */
public interface Watcher {
    /** The balances are read, the leases were just seen to be held, and the next thing is to write. */
    void aboutToWrite(Transfer transfer, MultiLease leases);

    /** A try has failed in a way that another one may not. */
    void setBack(Transfer transfer, RuntimeException why);
}
