/** Whether what happened was allowed: one check for each invariant, over the recorded history alone. */
@NullMarked
package dev.fencepost.chaos.check;

import org.jspecify.annotations.NullMarked;
