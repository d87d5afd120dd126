-- Claim, work and commit in one round trip. Nothing after the claim runs when it is not admitted. The function before the commit is only
-- called when there is something for it to do or to say.
SELECT fencepost.claim_at_once(?, ?, ?, ?) AS verdict;
<work>
;
SELECT fencepost.require_transaction(
           CAST(coalesce(nullif(pg_catalog.current_setting('fencepost.transaction', true), ''), '0') AS xid8))
 WHERE CAST(pg_catalog.pg_current_xact_id_if_assigned() AS text)
           IS DISTINCT FROM pg_catalog.current_setting('fencepost.transaction', true)
    OR pg_catalog.current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
COMMIT
