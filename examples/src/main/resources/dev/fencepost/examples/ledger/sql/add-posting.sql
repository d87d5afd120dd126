INSERT INTO ledger.posting (transfer, account, cents, token) VALUES (:transfer, :account, :cents, :token)
