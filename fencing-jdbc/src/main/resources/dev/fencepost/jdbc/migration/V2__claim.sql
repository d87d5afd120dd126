-- Claims a resource for a fencing token inside the caller's transaction, and says what came of it:
--
--   claimed  the token is newer than every one before it; or, for a write-once claim, its one write was not made yet;
--   current  the token is the newest one already; for a write-once claim: and its one write was made, result is what that recorded;
--   stale    a newer token was admitted, or the same number of another owner; last_token is that number.
--
-- "claimed" and "current" lock the row until the transaction ends. A token that is stale from the start takes no lock, waits
-- for nobody and writes nothing.
--
-- The function is VOLATILE, so that at READ COMMITTED each of its statements sees all that was committed before it began; what
-- one of them had to wait for is seen by the next. At REPEATABLE READ and SERIALIZABLE a lost race is SQLSTATE 40001.
-- It runs with the rights of its owner, so that a role needs no right on the table itself: see docs/guard.md for the grants.

CREATE OR REPLACE FUNCTION fencepost.claim(
    p_resource text, p_token bigint, p_owner text, p_once boolean,
    OUT verdict text, OUT last_token bigint, OUT transaction_id xid8, OUT result text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_applied boolean;
    v_result  text;
BEGIN
    IF p_resource IS NULL OR p_token IS NULL OR p_owner IS NULL OR p_once IS NULL THEN
        RAISE EXCEPTION 'fencepost.claim takes no NULL' USING ERRCODE = 'null_value_not_allowed';
    ELSIF p_token NOT BETWEEN 1 AND 9007199254740991 THEN
        RAISE EXCEPTION 'a token is a number from 1 to 9007199254740991, but this one is %', p_token
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;

    LOOP
        -- The comparison belongs to the statement that locks: after a wait it is made again, on the row that the other
        -- transaction left.
        UPDATE fencepost.fence AS f
           SET last_token = p_token, owner = p_owner, applied = p_once, result = NULL,
               claimed_by = pg_current_xact_id(), claimed_at = clock_timestamp()
         WHERE f.resource = p_resource AND f.last_token < p_token;
        IF FOUND THEN
            verdict := 'claimed';
            EXIT;
        END IF;

        SELECT f.applied, f.result INTO v_applied, v_result
          FROM fencepost.fence AS f
         WHERE f.resource = p_resource AND f.last_token = p_token AND f.owner = p_owner
           FOR NO KEY UPDATE;
        IF FOUND AND p_once AND v_applied THEN
            -- Not claimed_by: nothing is left to be written, and so this transaction is not let through to write it.
            verdict := 'current';
            result := v_result;
            EXIT;
        ELSIF FOUND THEN
            UPDATE fencepost.fence AS f
               SET applied = f.applied OR p_once,
                   claimed_by = pg_current_xact_id(), claimed_at = clock_timestamp()
             WHERE f.resource = p_resource;
            verdict := CASE WHEN p_once THEN 'claimed' ELSE 'current' END;
            EXIT;
        END IF;

        SELECT f.last_token INTO last_token
          FROM fencepost.fence AS f
         WHERE f.resource = p_resource
           AND (f.last_token > p_token OR f.last_token = p_token AND f.owner <> p_owner);
        IF FOUND THEN
            verdict := 'stale';
            RETURN;
        END IF;

        INSERT INTO fencepost.fence (resource, last_token, owner, applied, claimed_by, claimed_at)
        VALUES (p_resource, p_token, p_owner, p_once, pg_current_xact_id(), clock_timestamp())
        ON CONFLICT ON CONSTRAINT fence_pkey DO NOTHING;
        IF FOUND THEN
            verdict := 'claimed';
            EXIT;
        END IF;
        -- Another transaction made the row after it was looked for: look again.
    END LOOP;

    last_token := p_token;
    transaction_id := pg_current_xact_id();
    -- What is acknowledged must survive a crash, whatever the session's default. A stronger setting stays.
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
END
$$;

-- Ends a guarded transaction: fails unless the transaction is still the one that made the claim. Work that commits or rolls back by
-- itself leaves the rest of what it does unguarded; called right before COMMIT, this takes that rest back.

CREATE OR REPLACE FUNCTION fencepost.require_transaction(p_transaction_id xid8)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF pg_current_xact_id_if_assigned() IS DISTINCT FROM p_transaction_id THEN
        RAISE EXCEPTION 'the transaction % that made the claim is over', p_transaction_id USING ERRCODE = 'FP001';
    END IF;
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
END
$$;

REVOKE ALL ON FUNCTION fencepost.claim(text, bigint, text, boolean) FROM PUBLIC;

-- Claims where claim, work and commit are sent together: fails with FP006 unless the claim is admitted, so that nothing of the rest runs. What
-- the end has to know of the claim is left in a setting of the transaction: once work has ended the transaction by itself, it is gone.

CREATE OR REPLACE FUNCTION fencepost.claim_at_once(p_resource text, p_token bigint, p_owner text, p_once boolean)
    RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_verdict text := 'claimed';
BEGIN
    IF p_token <= 9007199254740991 THEN
        -- The usual case of fencepost.claim, without a call.
        UPDATE fencepost.fence AS f
           SET last_token = p_token, owner = p_owner, applied = p_once, result = NULL,
               claimed_by = pg_current_xact_id(), claimed_at = clock_timestamp()
         WHERE f.resource = p_resource AND f.last_token < p_token;
    END IF;
    IF NOT FOUND THEN
        SELECT c.verdict INTO v_verdict FROM fencepost.claim(p_resource, p_token, p_owner, p_once) AS c;
        IF v_verdict = 'stale' OR p_once AND v_verdict = 'current' THEN
            RAISE EXCEPTION 'the claim is not admitted: %', v_verdict USING ERRCODE = 'FP006';
        END IF;
    END IF;
    PERFORM set_config('fencepost.transaction', pg_current_xact_id()::text, true);
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    RETURN v_verdict;
END
$$;

REVOKE ALL ON FUNCTION fencepost.claim_at_once(text, bigint, text, boolean) FROM PUBLIC;

-- Records what a write-once transaction has to say to those who repeat it. Only the transaction that claimed can, and the next token
-- takes it away.

CREATE OR REPLACE FUNCTION fencepost.record_result(p_resource text, p_result text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE fencepost.fence AS f
       SET result = p_result
     WHERE f.resource = p_resource AND f.applied
       AND f.claimed_by = pg_current_xact_id_if_assigned() AND age(f.xmin) <= age(pg_current_xact_id_if_assigned()::xid);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the transaction that claimed ''%'' is over', p_resource USING ERRCODE = 'FP001';
    END IF;
END
$$;

REVOKE ALL ON FUNCTION fencepost.record_result(text, text) FROM PUBLIC;
