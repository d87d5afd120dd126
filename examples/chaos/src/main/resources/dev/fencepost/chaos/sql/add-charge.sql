INSERT INTO charge (invoice, id) VALUES (:invoice, :id)
