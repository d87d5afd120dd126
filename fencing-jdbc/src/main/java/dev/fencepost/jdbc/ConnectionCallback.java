package dev.fencepost.jdbc;

import java.sql.Connection;

/**
 * Work over a connection that returns a value, inside a transaction that the guard has begun.
 *
 * @param <T> the type of the value; never null
 * @param <X> what the work may throw
 */
@FunctionalInterface
public interface ConnectionCallback<T, X extends Exception> {
    /**
     * Does the work. It must not commit, roll back or close.
     *
     * @param connection the connection of the transaction; not to be used afterwards, nor by another thread
     * @return the value
     * @throws X to have the transaction rolled back; it reaches the caller of the guard
     */
    T withConnection(Connection connection) throws X;
}
