/** A command line tool that shows how the nodes are, and what is odd about them. {@code docs/operations.md} says how to run it and what to do about what it shows. */
@NullMarked
package dev.fencepost.examples.inspect;

import org.jspecify.annotations.NullMarked;
