/** The ways to lock that are compared, each used as its documentation says is best. */
@NullMarked
package dev.fencepost.bench.ways;

import org.jspecify.annotations.NullMarked;
