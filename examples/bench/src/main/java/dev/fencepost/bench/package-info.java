/** What locks and guarded writes cost, measured against other ways to do them, in one run on one machine. */
@NullMarked
package dev.fencepost.bench;

import org.jspecify.annotations.NullMarked;
