/**
 * Workers in processes of their own charge customers, one customer at a time.
 *
 * <p>Start reading at {@link dev.fencepost.examples.billing.Billing}; what the guard changes is all in {@link
 * dev.fencepost.examples.billing.Transactions}.
 */
@NullMarked
package dev.fencepost.examples.billing;

import org.jspecify.annotations.NullMarked;
