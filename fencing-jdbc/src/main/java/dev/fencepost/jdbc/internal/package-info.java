/** How the guard talks to PostgreSQL. Nothing here is API: it may change in any release. */
@NullMarked
package dev.fencepost.jdbc.internal;

import org.jspecify.annotations.NullMarked;
