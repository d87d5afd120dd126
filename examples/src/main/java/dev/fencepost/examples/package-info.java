/** Worked examples, and the demo. */
@NullMarked
package dev.fencepost.examples;

import org.jspecify.annotations.NullMarked;
