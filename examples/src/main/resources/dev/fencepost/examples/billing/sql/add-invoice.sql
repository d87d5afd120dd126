INSERT INTO invoice (customer, cents) VALUES (:customer, :cents)
