/** What worker processes do, in the product's way and in ways that lack one protection each. */
@NullMarked
package dev.fencepost.chaos.work;

import org.jspecify.annotations.NullMarked;
