/**
 * The guard: PostgreSQL refuses writes under a stale fencing token.
 *
 * <p>Start with {@link dev.fencepost.jdbc.FenceSchema#migrate} and {@link dev.fencepost.jdbc.FenceGuard}.
 */
@NullMarked
package dev.fencepost.jdbc;

import org.jspecify.annotations.NullMarked;
