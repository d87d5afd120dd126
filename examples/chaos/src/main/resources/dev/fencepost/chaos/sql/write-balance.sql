UPDATE account SET cents = :cents WHERE name = :name
