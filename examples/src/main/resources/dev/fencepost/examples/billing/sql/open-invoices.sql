SELECT id, cents FROM invoice WHERE customer = :customer AND NOT paid ORDER BY id
