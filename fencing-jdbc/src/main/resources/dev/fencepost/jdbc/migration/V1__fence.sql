-- One row for each resource that was ever claimed: the largest fencing token that the store has admitted.
--
-- Applied by FenceSchema.migrate, or by hand in the order of the version numbers. It may be run again.

DO $$
BEGIN
    -- Not CREATE SCHEMA IF NOT EXISTS: that wants the right to create schemas even where this one is already there.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'fencepost') THEN
        CREATE SCHEMA fencepost;
    END IF;
END
$$;

CREATE TABLE IF NOT EXISTS fencepost.fence (
    -- Names are equal when their bytes are: no collation may make two resources one.
    resource   text COLLATE "C" PRIMARY KEY,
    -- From 1 to 9007199254740991, which fencepost.claim sees to: the server reads a CHECK anew for each statement, which is a quarter of what a claim costs.
    last_token bigint      NOT NULL,
    -- Tells two holders of one number apart; empty when the lock service knows no owners.
    owner      text        NOT NULL,
    -- Whether the one write that last_token is allowed under write-once was made.
    applied    boolean     NOT NULL,
    -- The transaction that claimed last.
    claimed_by xid8        NOT NULL,
    claimed_at timestamptz NOT NULL,
    -- What the one write recorded for those who repeat it, if it did.
    result     text
)
-- Nothing that a claim changes is indexed, and a page has room for the next version of its rows: claims stay HOT updates.
WITH (fillfactor = 50);

COMMENT ON TABLE fencepost.fence IS
    'Fencepost: the largest fencing token admitted for each resource. Deleting a row re-admits tokens that were refused.';
