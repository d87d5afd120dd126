/** PostgreSQL as a lock node: one node, reached over a few connections. No decision of the protocol is taken here. */
@NullMarked
package dev.fencepost.jdbc.internal.locks;

import org.jspecify.annotations.NullMarked;
