/** The specification in {@code docs/spec}, checked by TLC. */
@NullMarked
package dev.fencepost.spec;

import org.jspecify.annotations.NullMarked;
