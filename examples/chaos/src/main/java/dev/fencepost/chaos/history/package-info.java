/** What happened, as workers and observers saw it: facts, and the files that they are kept in. */
@NullMarked
package dev.fencepost.chaos.history;

import org.jspecify.annotations.NullMarked;
