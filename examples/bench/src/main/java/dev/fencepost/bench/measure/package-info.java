/** How things are measured: in rounds, side by side, with medians and spreads. */
@NullMarked
package dev.fencepost.bench.measure;

import org.jspecify.annotations.NullMarked;
