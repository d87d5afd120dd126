SELECT p.id, p.invoice_id, p.cents, p.worker, p.token
  FROM payment_log AS p
  JOIN invoice AS i ON i.id = p.invoice_id
 WHERE i.customer = :customer
 ORDER BY p.id
