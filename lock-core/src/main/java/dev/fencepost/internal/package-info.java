/**
 * The algorithm. Pure decisions are in classes that know neither time nor threads ({@link dev.fencepost.internal.Ballot}, {@link
 * dev.fencepost.internal.LeaseTime}, {@link dev.fencepost.internal.Backoff}); what sends, waits and schedules is kept apart from them.
 */
@NullMarked
package dev.fencepost.internal;

import org.jspecify.annotations.NullMarked;
