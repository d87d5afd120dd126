SELECT name FROM invoice WHERE customer = :customer AND NOT paid LIMIT 1
