INSERT INTO ledger.account (id, opening, balance) SELECT id, :cents, :cents FROM generate_series(1, :accounts) AS id
