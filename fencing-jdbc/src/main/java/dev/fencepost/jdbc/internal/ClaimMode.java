package dev.fencepost.jdbc.internal;

/** How often one token may be used to write. */
public enum ClaimMode {
    /** Any number of transactions. */
    MANY,
    /** One transaction, however often it is tried. */
    ONCE
}
