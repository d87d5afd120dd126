SELECT outcome FROM ledger.transfer WHERE id = :id LIMIT 1
