/** How nodes are reached on Redis. No decision of the protocol is taken here. */
@NullMarked
package dev.fencepost.redis.internal;

import org.jspecify.annotations.NullMarked;
