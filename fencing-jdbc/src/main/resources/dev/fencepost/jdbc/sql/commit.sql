-- Two statements in one round trip: when the first one fails, the server does not run the second. The function is only called when there
-- is something for it to do or to say.
SELECT fencepost.require_transaction(CAST(CAST(? AS text) AS xid8))
 WHERE pg_catalog.pg_current_xact_id_if_assigned() IS DISTINCT FROM CAST(CAST(? AS text) AS xid8)
    OR pg_catalog.current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
COMMIT
