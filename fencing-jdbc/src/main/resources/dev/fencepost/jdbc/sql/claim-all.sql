SELECT resource, verdict, last_token, transaction_id::text, NULL AS result
  FROM fencepost.claim_all(?, ?, ?)
