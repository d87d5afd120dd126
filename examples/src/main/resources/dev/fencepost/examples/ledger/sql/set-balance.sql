UPDATE ledger.account SET balance = :balance WHERE id = :account
