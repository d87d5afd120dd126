UPDATE invoice SET paid = true WHERE id = :id
