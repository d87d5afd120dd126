-- Remembers that the row was written, for the time when it is gone. What was said to the claim is left in a setting of the transaction, for
-- the statement that comes next in the same round trip.
SELECT pg_catalog.set_config('fencepost.row', c.verdict, true) AS verdict, c.last_token
  FROM fencepost.claim(:<n>_resource, :<n>_token, '', false) AS c
