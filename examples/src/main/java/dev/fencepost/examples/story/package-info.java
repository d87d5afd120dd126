/**
 * What examples tell of themselves: what happened when and what came of it, as lines while it happens, and afterwards as one self-contained page and as JSON.
 *
 * <p>Start reading at {@link dev.fencepost.examples.story.ActReport}.
 */
@NullMarked
package dev.fencepost.examples.story;

import org.jspecify.annotations.NullMarked;
