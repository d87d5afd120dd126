/** What users call: locks with fencing tokens. */
@NullMarked
package dev.fencepost;

import org.jspecify.annotations.NullMarked;
