SELECT verdict, last_token, transaction_id::text, result
  FROM fencepost.claim(?, ?, ?, ?)
