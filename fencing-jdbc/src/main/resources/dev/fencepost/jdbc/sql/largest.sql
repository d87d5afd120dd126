-- The largest token of all resources, 0 for none: a floor for a lock whose nodes have lost everything.
SELECT coalesce(max(last_token), 0) FROM fencepost.fence
