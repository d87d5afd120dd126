-- Claims several resources in one statement, always in the order of their names (by bytes), so that two transactions that claim
-- overlapping sets cannot wait for each other. All are claimed, and there is a row for each; or one of the tokens is stale, then no
-- claim of this call stays, and the only row is the refusal.

CREATE OR REPLACE FUNCTION fencepost.claim_all(p_resources text[], p_tokens bigint[], p_owners text[])
    RETURNS TABLE (resource text, verdict text, last_token bigint, transaction_id xid8)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_token    record;
    v_answer   record;
    v_resource text[] := '{}';
    v_verdict  text[] := '{}';
    v_last     bigint[] := '{}';
BEGIN
    BEGIN
        FOR v_token IN
            SELECT u.resource, u.token, u.owner
              FROM unnest(p_resources, p_tokens, p_owners) AS u (resource, token, owner)
             ORDER BY u.resource COLLATE "C"
        LOOP
            SELECT c.verdict, c.last_token INTO v_answer
              FROM fencepost.claim(v_token.resource, v_token.token, v_token.owner, false) AS c;
            IF v_answer.verdict = 'stale' THEN
                RAISE EXCEPTION 'stale' USING ERRCODE = 'FP005';
            END IF;
            v_resource := v_resource || v_token.resource;
            v_verdict := v_verdict || v_answer.verdict;
            v_last := v_last || v_answer.last_token;
        END LOOP;
    EXCEPTION WHEN SQLSTATE 'FP005' THEN
        -- The claims of this block are taken back; the variables keep what they were given in it.
        RETURN QUERY SELECT v_token.resource, v_answer.verdict, v_answer.last_token, NULL::xid8;
        RETURN;
    END;
    RETURN QUERY
        SELECT u.resource, u.verdict, u.last_token, pg_current_xact_id()
          FROM unnest(v_resource, v_verdict, v_last) AS u (resource, verdict, last_token);
END
$$;

REVOKE ALL ON FUNCTION fencepost.claim_all(text[], bigint[], text[]) FROM PUBLIC;

-- Bounds what is left of this transaction: each of its further statements and, on PostgreSQL 17 and later, the whole of it. A stricter
-- limit that the session has stays.

CREATE OR REPLACE FUNCTION fencepost.bound_transaction(p_millis bigint)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name  text;
    v_limit bigint;
BEGIN
    FOREACH v_name IN ARRAY ARRAY['statement_timeout', 'transaction_timeout'] LOOP
        v_limit := 1000 * extract(epoch FROM current_setting(v_name, true)::interval);
        IF v_limit = 0 OR v_limit > p_millis THEN
            PERFORM set_config(v_name, p_millis::text, true);
        END IF;
    END LOOP;
END
$$;
