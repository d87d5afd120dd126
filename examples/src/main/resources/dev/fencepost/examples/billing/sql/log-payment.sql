INSERT INTO payment_log (invoice_id, cents, worker, token) VALUES (:id, :cents, :worker, :token)
