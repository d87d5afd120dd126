SELECT id, debit, credit, cents FROM ledger.transfer
