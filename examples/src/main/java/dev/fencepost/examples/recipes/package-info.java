/**
 * What people reach for a lock for, each a small type on a lock client and the guard: a {@link dev.fencepost.examples.recipes.Leader}, a {@link
 * dev.fencepost.examples.recipes.TickJob} that runs once per tick, and a {@link dev.fencepost.examples.recipes.SharedCache} that is not trampled down. To be copied rather than
 * depended on; {@code docs/recipes.md} says what each is good for.
 */
@NullMarked
package dev.fencepost.examples.recipes;

import org.jspecify.annotations.NullMarked;
