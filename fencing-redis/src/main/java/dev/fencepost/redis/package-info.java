/** Locks on a quorum of Redis nodes. */
@NullMarked
package dev.fencepost.redis;

import org.jspecify.annotations.NullMarked;
