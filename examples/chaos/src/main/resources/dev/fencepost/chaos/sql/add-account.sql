INSERT INTO account (name, cents) VALUES (:name, :cents)
