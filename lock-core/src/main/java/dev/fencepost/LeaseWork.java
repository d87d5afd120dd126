package dev.fencepost;

/**
 * Work that is done while a lease is held.
 *
 * @param <T> what it returns
 * @param <X> what it throws
 */
@FunctionalInterface
public interface LeaseWork<T, X extends Exception> {
    /**
     * Does the work.
     *
     * @param lease held when the work begins; closed by the caller
     * @return whatever the work is for; not null
     * @throws X whatever the work fails with
     */
    T run(Lease lease) throws X;
}
