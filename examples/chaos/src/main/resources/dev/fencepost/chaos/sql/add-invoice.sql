INSERT INTO invoice (name, customer, paid) VALUES (:name, :customer, false)
