SELECT id, balance FROM ledger.account WHERE id IN (:debit, :credit)
