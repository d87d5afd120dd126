/**
 * The main job as a story in four acts, on real processes. Start reading at {@link dev.fencepost.examples.demo.Demo}, then the acts.
 */
@NullMarked
package dev.fencepost.examples.demo;

import org.jspecify.annotations.NullMarked;
