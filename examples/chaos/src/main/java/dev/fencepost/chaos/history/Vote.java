package dev.fencepost.chaos.history;

/**
 * What one node did for one attempt, as its client saw it.
 *
 * @param node which node, counted from 0
 * @param grant what the node's counter was when it granted
 * @param counted whether the node's counter reached the token while the lock was held there: by the grant itself, or by a raise that was
 *     acknowledged
 * @param exchange from before the grant was sent until its answer was there
 */
public record Vote(int node, long grant, boolean counted, Span exchange) {}
