/** Real Redis and PostgreSQL servers, as processes that can be killed, paused and started again. */
@NullMarked
package dev.fencepost.servers;

import org.jspecify.annotations.NullMarked;
