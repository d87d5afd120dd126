package dev.fencepost.jdbc;

import java.sql.Connection;

/**
 * Work over a connection, inside a transaction that the guard has begun.
 *
 * @param <X> what the work may throw
 */
@FunctionalInterface
public interface ConnectionConsumer<X extends Exception> {
    /**
     * Does the work. It must not commit, roll back or close.
     *
     * @param connection the connection of the transaction; not to be used afterwards, nor by another thread
     * @throws X to have the transaction rolled back; it reaches the caller of the guard
     */
    void useConnection(Connection connection) throws X;
}
