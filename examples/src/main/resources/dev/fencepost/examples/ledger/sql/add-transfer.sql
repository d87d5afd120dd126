INSERT INTO ledger.transfer (id, debit, credit, cents, outcome, worker)
VALUES (:id, :debit, :credit, :cents, :outcome, :worker)
