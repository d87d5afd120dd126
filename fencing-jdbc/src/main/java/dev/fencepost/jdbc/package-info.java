/** The guard: a store that refuses writes under a stale fencing token. */
@NullMarked
package dev.fencepost.jdbc;

import org.jspecify.annotations.NullMarked;
