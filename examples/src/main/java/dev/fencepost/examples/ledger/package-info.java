/**
 * Double-entry bookkeeping by several processes, each transfer under the locks of its two accounts, in tables that the database itself protects.
 *
 * <p>Start reading at {@link dev.fencepost.examples.ledger.Ledger}; {@link dev.fencepost.examples.ledger.Bank} runs it under trouble and audits the books.
 */
@NullMarked
package dev.fencepost.examples.ledger;

import org.jspecify.annotations.NullMarked;
