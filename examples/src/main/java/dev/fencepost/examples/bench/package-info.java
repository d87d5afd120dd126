/** What acquisitions cost, measured against other ways to do them in one run on one machine. Absolute figures mean nothing elsewhere. */
@NullMarked
package dev.fencepost.examples.bench;

import org.jspecify.annotations.NullMarked;
