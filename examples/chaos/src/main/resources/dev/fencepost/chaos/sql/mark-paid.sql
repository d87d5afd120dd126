UPDATE invoice SET paid = true WHERE name = :name
