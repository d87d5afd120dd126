SELECT resource, verdict, last_token, transaction_id::text
  FROM fencepost.claim_all(?, ?, ?)
