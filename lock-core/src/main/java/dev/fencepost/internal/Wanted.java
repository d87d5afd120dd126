package dev.fencepost.internal;

/**
 * What an attempt is to get.
 *
 * @param resource the name to lock
 * @param floor every token has to be larger than this; 0 for no demand
 * @param tokens how many: one for whoever makes the attempt, and one for each who may have the lock after it without another attempt
 * @param latest the place of the last of them
 */
record Wanted(String resource, long floor, int tokens, long latest) {
    /** One token. */
    static Wanted one(String resource, long floor) {
        return new Wanted(resource, floor, 1, 0);
    }
}
