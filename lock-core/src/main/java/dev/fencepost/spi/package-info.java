/**
 * What an adapter to a kind of node implements, and how it makes a client of its nodes. Applications do not need this package.
 */
@NullMarked
package dev.fencepost.spi;

import org.jspecify.annotations.NullMarked;
