/** What goes wrong, on purpose. */
@NullMarked
package dev.fencepost.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
