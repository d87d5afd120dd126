-- Two statements in one round trip: when the first one fails, the server does not run the second.
SELECT fencepost.require_transaction(CAST(CAST(? AS text) AS xid8));
COMMIT
