-- Protected tables: a trigger refuses every write of a row whose resource the writing transaction has not claimed.
--
--   SELECT fencepost.protect('billing.charge', 'column', 'invoice', 'report');   -- counts what it would refuse
--   SELECT fencepost.protect('billing.charge', 'column', 'invoice', 'refuse');   -- refuses
--   SELECT fencepost.unprotect('billing.charge');
--
-- SQLSTATE FP002: the transaction has not claimed the row's resource. FP003: the row names no resource. FP004: TRUNCATE.

-- Refuses a write, or in the mode 'report' counts it, in a sequence: that waits for nobody and survives the end of the transaction.
CREATE OR REPLACE FUNCTION fencepost.refuse(
    p_table regclass, p_operation text, p_resource text, p_mode text, p_counter regclass)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_state   text;
    v_message text;
    v_hint    text := 'Claim the resource first in the same transaction: FenceGuard.write, writeOnce or claim.';
    v_count   bigint;
BEGIN
    IF p_operation = 'TRUNCATE' AND p_resource IS NULL THEN
        v_state := 'FP004';
        v_message := format('TRUNCATE of %s is refused: it removes rows of resources that nobody can claim all of', p_table);
        v_hint := 'Delete the rows of the resources that the transaction has claimed.';
    ELSIF p_resource IS NULL THEN
        v_state := 'FP003';
        v_message := format('%s of a row of %s is refused: the row names no resource (NULL)', p_operation, p_table);
    ELSE
        v_state := 'FP002';
        v_message := format('%s in %s is refused: this transaction has not claimed the resource ''%s''',
                            p_operation, p_table, p_resource);
    END IF;
    IF p_mode <> 'report' THEN
        RAISE EXCEPTION USING ERRCODE = v_state, MESSAGE = v_message, HINT = v_hint;
    END IF;
    v_count := nextval(p_counter);
    -- Enough in the server's log to find who writes, and not a line for each row of a bulk load.
    IF v_count <= 20 OR v_count % 1000 = 0 THEN
        RAISE LOG 'fencepost would refuse, number %: %', v_count, v_message;
    END IF;
END
$$;

-- Installs or replaces the protection of a table. Runs with the rights of the caller, who has to own the table and may create in
-- the schema fencepost.
--
--   p_by        what p_resource is: 'column', the name of a column that holds the resource; 'expression', an SQL expression over
--               the columns, which is run by the trigger with the rights of the caller of protect and with pg_catalog alone as
--               its search_path; or 'constant', the name of one resource for the whole table.
--   p_mode      'refuse' or 'report'.
CREATE OR REPLACE FUNCTION fencepost.protect(p_table regclass, p_by text, p_resource text, p_mode text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_kind     "char";
    v_relation text;
    v_name     text;
    v_counter  text;
    v_of_old   text;
    v_of_new   text;
    v_branch   regclass;
    v_type     text;
BEGIN
    SELECT c.relkind, c.relname INTO v_kind, v_relation FROM pg_class AS c WHERE c.oid = p_table;
    IF p_table IS NULL OR p_by IS NULL OR p_resource IS NULL OR p_mode IS NULL THEN
        RAISE EXCEPTION 'fencepost.protect takes no NULL' USING ERRCODE = 'null_value_not_allowed';
    ELSIF p_by NOT IN ('column', 'expression', 'constant') OR p_mode NOT IN ('refuse', 'report') THEN
        RAISE EXCEPTION 'p_by must be column, expression or constant, but is %, and p_mode refuse or report, but is %',
            p_by, p_mode USING ERRCODE = 'invalid_parameter_value';
    ELSIF v_kind NOT IN ('r', 'p') OR v_relation IS NULL THEN
        RAISE EXCEPTION '% is not a table: protect the tables that it reads and writes', p_table USING ERRCODE = 'wrong_object_type';
    ELSIF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = p_table AND c.relispartition) THEN
        RAISE EXCEPTION '% is a partition: protect the partitioned table', p_table USING ERRCODE = 'wrong_object_type';
    END IF;
    -- Triggers do not reach the children of plain inheritance, and a query over the table does.
    SELECT i.inhrelid::regclass INTO v_branch
      FROM pg_inherits AS i
     WHERE i.inhparent = p_table AND v_kind = 'r'
       AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = i.inhrelid AND t.tgname = 'fencepost_guard');
    IF FOUND THEN
        RAISE EXCEPTION '% inherits from %: protect it first', v_branch, p_table USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- Nobody may write between the old triggers and the new ones.
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', p_table);

    IF p_by = 'column' THEN
        SELECT format_type(a.atttypid, NULL) INTO v_type
          FROM pg_attribute AS a
         WHERE a.attrelid = p_table AND a.attname = p_resource AND a.attnum > 0 AND NOT a.attisdropped;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'table % has no column ''%''', p_table, p_resource USING ERRCODE = 'undefined_column';
        ELSIF v_type NOT IN ('text', 'character varying') THEN
            RAISE EXCEPTION 'column ''%'' of % is %, but the name of a resource is text: protect by an expression over it',
                p_resource, p_table, v_type USING ERRCODE = 'datatype_mismatch';
        END IF;
        v_of_old := format('OLD.%I', p_resource);
        v_of_new := format('NEW.%I', p_resource);
    ELSIF p_by = 'expression' THEN
        -- Fails for what is no expression over the columns.
        EXECUTE format(E'SELECT pg_typeof((%s\n)) FROM (SELECT * FROM %s LIMIT 0) AS r', p_resource, p_table);
        v_of_old := format(E'(SELECT (%s\n)::text FROM (SELECT OLD.*) AS r)', p_resource);
        v_of_new := format(E'(SELECT (%s\n)::text FROM (SELECT NEW.*) AS r)', p_resource);
    ELSE
        v_of_old := quote_literal(p_resource);
        v_of_new := v_of_old;
    END IF;

    PERFORM fencepost.unprotect(p_table);
    v_name := format('guard_%s_%s', left(v_relation, 30), left(md5(gen_random_uuid()::text), 12));
    v_counter := v_name || '_count';
    EXECUTE format('CREATE SEQUENCE fencepost.%I', v_counter);
    EXECUTE format('GRANT SELECT ON SEQUENCE fencepost.%I TO PUBLIC', v_counter);
    EXECUTE format('CREATE FUNCTION fencepost.%I() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY DEFINER '
                   'SET search_path = pg_catalog, pg_temp AS %L',
                   v_name, fencepost.guard_body(v_of_old, v_of_new, p_by, format('fencepost.%I', v_counter)));
    EXECUTE format('REVOKE ALL ON FUNCTION fencepost.%I() FROM PUBLIC', v_name);
    -- AFTER, so that it sees what is stored, whatever other triggers made of the row. It cannot be deferred.
    EXECUTE format('CREATE TRIGGER fencepost_guard AFTER INSERT OR UPDATE OR DELETE ON %s '
                   'FOR EACH ROW EXECUTE FUNCTION fencepost.%I(%L, %L, %L)',
                   p_table, v_name, p_mode, p_by, p_resource);
    -- ALWAYS: also when session_replication_role is replica.
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER fencepost_guard', p_table);
    FOR v_branch IN SELECT b.relid FROM fencepost.branches(p_table) AS b LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER fencepost_guard', v_branch);
        -- Unlike triggers for rows, those for statements do not reach partitions by themselves.
        EXECUTE format('CREATE TRIGGER fencepost_guard_truncate BEFORE TRUNCATE ON %s '
                       'FOR EACH STATEMENT EXECUTE FUNCTION fencepost.%I(%L, %L, %L)',
                       v_branch, v_name, p_mode, p_by, p_resource);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER fencepost_guard_truncate', v_branch);
    END LOOP;
END
$$;

-- A table and its partitions at all levels, those apart that are no tables of this server.
CREATE OR REPLACE FUNCTION fencepost.branches(p_table regclass)
    RETURNS TABLE (relid regclass)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p_table
    UNION
    SELECT t.relid FROM pg_partition_tree(p_table) AS t JOIN pg_class AS c ON c.oid = t.relid WHERE c.relkind IN ('r', 'p')
$$;

-- The condition that this transaction holds a claim on the resource that a variable names. A session variable cannot pretend to: what counts is
-- the row that fencepost.claim wrote, in this transaction. A claim that was taken back with a savepoint is not there any more.
-- It is put into the trigger as text: a call for each row would cost more than the look-up.
CREATE OR REPLACE FUNCTION fencepost.claimed(p_variable text)
    RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($condition$EXISTS (
            SELECT FROM fencepost.fence AS f
             WHERE f.resource = %s COLLATE "C"
               AND f.claimed_by = pg_current_xact_id_if_assigned()
               -- A table restored from a dump may carry transaction numbers that this cluster has yet to reach. They must not
               -- let anybody through: the row has to have been written by this transaction, or a subtransaction of it.
               AND age(f.xmin) <= age(pg_current_xact_id_if_assigned()::xid))$condition$, p_variable)
$$;

CREATE OR REPLACE FUNCTION fencepost.guard_body(p_of_old text, p_of_new text, p_by text, p_counter text)
    RETURNS text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($body$
DECLARE
    v_old text;
    v_new text;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        v_old := %3$s;
        IF v_old IS NULL OR NOT %5$s THEN
            PERFORM fencepost.refuse(TG_RELID, TG_OP, v_old, TG_ARGV[0], %4$L);
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        v_old := %1$s;
        IF v_old IS NULL OR NOT %5$s THEN
            PERFORM fencepost.refuse(TG_RELID, TG_OP, v_old, TG_ARGV[0], %4$L);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        v_new := %2$s;
        IF v_new IS NULL THEN
            PERFORM fencepost.refuse(TG_RELID, TG_OP, v_new, TG_ARGV[0], %4$L);
        ELSIF TG_OP = 'INSERT' OR v_new IS DISTINCT FROM v_old THEN
            IF NOT %6$s THEN
                PERFORM fencepost.refuse(TG_RELID, TG_OP, v_new, TG_ARGV[0], %4$L);
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END
$body$, p_of_old, p_of_new, CASE p_by WHEN 'constant' THEN p_of_new ELSE 'NULL' END, p_counter,
        fencepost.claimed('v_old'), fencepost.claimed('v_new'))
$$;

-- Removes the protection of a table; does nothing where there is none.
CREATE OR REPLACE FUNCTION fencepost.unprotect(p_table regclass)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_function text;
    v_branch   regclass;
BEGIN
    SELECT p.proname INTO v_function
      FROM pg_trigger AS t
      JOIN pg_proc AS p ON p.oid = t.tgfoid
     WHERE t.tgrelid = p_table AND t.tgname = 'fencepost_guard' AND p.pronamespace = 'fencepost'::regnamespace;
    EXECUTE format('DROP TRIGGER IF EXISTS fencepost_guard ON %s', p_table);
    FOR v_branch IN SELECT b.relid FROM fencepost.branches(p_table) AS b LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS fencepost_guard_truncate ON %s', v_branch);
    END LOOP;
    IF v_function IS NOT NULL THEN
        EXECUTE format('DROP FUNCTION fencepost.%I()', v_function);
        EXECUTE format('DROP SEQUENCE IF EXISTS fencepost.%I', v_function || '_count');
    END IF;
END
$$;

REVOKE ALL ON FUNCTION fencepost.claimed(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.refuse(regclass, text, text, text, regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.protect(regclass, text, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.branches(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.guard_body(text, text, text, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.unprotect(regclass) FROM PUBLIC;
