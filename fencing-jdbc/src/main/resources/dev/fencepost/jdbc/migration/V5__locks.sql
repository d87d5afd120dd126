-- PostgreSQL as the lock service: one function for each verb of a lock node, each one round trip and one transaction.
--
-- Two tables. fencepost.lock has a row for each resource that was ever locked: the counter that its tokens come from, which never
-- falls, and who holds it until when, by this server's clock. fencepost.lock_node has one row: what the node knows of itself.
--
-- The functions are VOLATILE and made for READ COMMITTED: what a statement had to wait for is seen by the next one. They run with
-- the rights of their owner, so that a role needs no right on the tables: see docs/postgres-lock.md for the grants. None waits longer
-- than a second for a row that somebody else has locked: then it fails, and has done nothing.
--
-- Advisory locks of this library have the class 1180004963 ("Fenc"). Key -1: shared by whatever makes a token, exclusive for a change
-- of lock_node that no grant may overlap. Keys 0 to 255: held shared by whoever watches a resource of that channel.

CREATE TABLE IF NOT EXISTS fencepost.lock (
    resource   text COLLATE "C" PRIMARY KEY,
    counter    bigint      NOT NULL CHECK (counter BETWEEN 0 AND 9007199254740991),
    -- The nonce of the attempt that holds it; NULL when nobody does.
    owner      text,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
)
WITH (fillfactor = 50);

COMMENT ON TABLE fencepost.lock IS
    'Fencepost: the token counter and the holder of each locked resource. Deleting a row makes tokens start again, and is never right.';

CREATE TABLE IF NOT EXISTS fencepost.lock_node (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- Which server, timeline and database the locks were made on. Another one may have forgotten some.
    incarnation   text        NOT NULL,
    view          bigint      NOT NULL CHECK (view >= 0),
    -- Every token is larger than this.
    floor         bigint      NOT NULL CHECK (floor BETWEEN 0 AND 9007199254740991),
    -- The longest lease that any client has ever been allowed to ask for, in milliseconds.
    longest_lease bigint      NOT NULL CHECK (longest_lease >= 0),
    -- Nothing is granted before.
    opens_at      timestamptz NOT NULL
);

-- What tells this server from one that has taken its place: a restored cluster has another identifier or timeline, a promoted standby
-- another timeline, a database restored from a dump another oid.
CREATE OR REPLACE FUNCTION fencepost.lock_incarnation()
    RETURNS text
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s/%s/%s', (SELECT s.system_identifier FROM pg_control_system() AS s),
                  left(pg_walfile_name(pg_current_wal_lsn()), 8),
                  (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()))
$$;

-- To be called by each session of a client before anything else. Says ready, or standby.
--
-- When the node is not what it was at the last call, it may have forgotten the locks and tokens of its last moments. Then every counter
-- jumps by 2^32, which is beyond whatever was forgotten, and nothing is granted until the longest lease has run out that may have been
-- forgotten; p_synchronous says that nothing can have been, because commits wait for the standby, and leaves that wait out.
CREATE OR REPLACE FUNCTION fencepost.lock_join(p_longest_lease bigint, p_synchronous boolean)
    RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '5s'
AS $$
DECLARE
    v_incarnation text;
    v_reached     bigint;
BEGIN
    IF pg_is_in_recovery() THEN
        RETURN 'standby';
    END IF;
    v_incarnation := fencepost.lock_incarnation();
    IF EXISTS (SELECT FROM fencepost.lock_node AS n
                WHERE n.incarnation = v_incarnation AND n.longest_lease >= p_longest_lease) THEN
        RETURN 'ready';
    END IF;
    PERFORM pg_advisory_xact_lock(1180004963, -1);
    SELECT coalesce(max(l.counter), 0) INTO v_reached FROM fencepost.lock AS l;
    INSERT INTO fencepost.lock_node (incarnation, view, floor, longest_lease, opens_at)
    VALUES (CASE v_reached WHEN 0 THEN v_incarnation ELSE '' END, 0, 0, p_longest_lease, '-infinity')
    ON CONFLICT ON CONSTRAINT lock_node_pkey DO NOTHING;
    UPDATE fencepost.lock_node AS n
       SET incarnation = v_incarnation,
           floor = least(greatest(n.floor, v_reached) + 4294967296, 9007199254740991),
           opens_at = CASE WHEN p_synchronous THEN n.opens_at
                           ELSE clock_timestamp() + greatest(n.longest_lease, p_longest_lease) * interval '1 ms' END
     WHERE n.incarnation <> v_incarnation;
    UPDATE fencepost.lock_node AS n
       SET longest_lease = p_longest_lease
     WHERE n.longest_lease < p_longest_lease;
    PERFORM fencepost.lock_durably();
    RETURN 'ready';
END
$$;

-- What is acknowledged must survive a crash, whatever the session's default. A stronger setting stays.
CREATE OR REPLACE FUNCTION fencepost.lock_durably()
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
END
$$;

-- Locks a free resource for an owner, and takes the next values of its counter: as many as are asked for, of which the answer names the last.
--
-- Replies: granted and the token; held and for how many milliseconds; view and the node's; exhausted and where the counter or the floor stands;
-- closed and for how many milliseconds.
CREATE OR REPLACE FUNCTION fencepost.lock_grant(
    p_resource text, p_owner text, p_view bigint, p_ttl bigint, p_floor bigint, p_tokens integer,
    OUT reply text, OUT value bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '1s'
AS $$
DECLARE
    v_lock  record;
    v_node  record;
    v_known boolean;
BEGIN
    IF p_tokens < 1 THEN
        RAISE EXCEPTION 'a grant takes 1 token at least, but is to take %', p_tokens
            USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    -- A refusal writes nothing, and so waits for no disk.
    SELECT n.view, n.opens_at, clock_timestamp() AS now INTO STRICT v_node FROM fencepost.lock_node AS n;
    SELECT l.owner, l.expires_at INTO v_lock FROM fencepost.lock AS l WHERE l.resource = p_resource;
    IF FOUND AND v_node.view <= p_view AND v_lock.owner <> p_owner AND v_lock.expires_at > v_node.now THEN
        reply := 'held';
        value := ceil(extract(epoch FROM v_lock.expires_at - v_node.now) * 1000);
        RETURN;
    END IF;

    PERFORM pg_advisory_xact_lock_shared(1180004963, -1);
    LOOP
        SELECT l.counter, l.owner, l.expires_at INTO v_lock
          FROM fencepost.lock AS l WHERE l.resource = p_resource FOR UPDATE;
        v_known := FOUND;
        -- The row is locked, if there is one. Only now the time is read, and what others may have changed while this waited for it.
        SELECT n.view, n.floor, n.opens_at, clock_timestamp() AS now INTO STRICT v_node FROM fencepost.lock_node AS n;
        IF v_node.view > p_view THEN
            reply := 'view';
            value := v_node.view;
            RETURN;
        ELSIF v_node.opens_at > v_node.now THEN
            reply := 'closed';
            value := ceil(extract(epoch FROM v_node.opens_at - v_node.now) * 1000);
            RETURN;
        ELSIF v_known AND v_lock.owner <> p_owner AND v_lock.expires_at > v_node.now THEN
            reply := 'held';
            value := ceil(extract(epoch FROM v_lock.expires_at - v_node.now) * 1000);
            RETURN;
        END IF;
        value := greatest(v_lock.counter, v_node.floor, p_floor);
        IF value + p_tokens > 9007199254740991 THEN
            reply := 'exhausted';
            RETURN;
        END IF;
        value := value + p_tokens;
        IF v_known THEN
            UPDATE fencepost.lock AS l
               SET counter = value,
                   owner = p_owner,
                   -- A grant that comes a second time may come after an extension, whose longer life the holder counts on.
                   expires_at = greatest(v_node.now + p_ttl * interval '1 ms',
                                         CASE WHEN l.owner = p_owner THEN l.expires_at END)
             WHERE l.resource = p_resource;
            EXIT;
        END IF;
        INSERT INTO fencepost.lock (resource, counter, owner, expires_at)
        VALUES (p_resource, value, p_owner, v_node.now + p_ttl * interval '1 ms')
        ON CONFLICT ON CONSTRAINT lock_pkey DO NOTHING;
        EXIT WHEN FOUND;
        -- Another transaction made the row after it was looked for: look again.
    END LOOP;
    IF v_node.view < p_view THEN
        UPDATE fencepost.lock_node AS n SET view = p_view WHERE n.view < p_view;
    END IF;
    PERFORM fencepost.lock_durably();
    reply := 'granted';
END
$$;

-- Raises the counter to a token while the owner holds the lock and the counter is not beyond it. Replies: done, not_held, view and the node's.
CREATE OR REPLACE FUNCTION fencepost.lock_raise(
    p_resource text, p_owner text, p_view bigint, p_token bigint, OUT reply text, OUT value bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '1s'
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1180004963, -1);
    PERFORM FROM fencepost.lock AS l WHERE l.resource = p_resource FOR UPDATE;
    SELECT n.view INTO STRICT value FROM fencepost.lock_node AS n;
    IF value > p_view THEN
        reply := 'view';
        RETURN;
    END IF;
    UPDATE fencepost.lock AS l
       SET counter = p_token
     WHERE l.resource = p_resource AND l.owner = p_owner AND l.expires_at > clock_timestamp() AND l.counter <= p_token;
    reply := CASE WHEN FOUND THEN 'done' ELSE 'not_held' END;
    IF reply = 'done' AND value < p_view THEN
        UPDATE fencepost.lock_node AS n SET view = p_view WHERE n.view < p_view;
    END IF;
    PERFORM fencepost.lock_durably();
END
$$;

-- Prolongs locks whose owners hold them, never shortens one, and lifts counters that lag behind their tokens. Says for each lock, in the
-- order in which they are given, whether it was held. They are taken in the order of their names, so that two calls cannot wait for each other.
CREATE OR REPLACE FUNCTION fencepost.lock_extend(p_resources text[], p_owners text[], p_tokens bigint[], p_ttl bigint)
    RETURNS boolean[]
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '1s'
AS $$
DECLARE
    v_lock record;
    v_held boolean[] := array_fill(false, ARRAY[cardinality(p_resources)]);
BEGIN
    FOR v_lock IN
        SELECT u.resource, u.owner, u.token, u.place
          FROM unnest(p_resources, p_owners, p_tokens) WITH ORDINALITY AS u (resource, owner, token, place)
         ORDER BY u.resource COLLATE "C", u.place
    LOOP
        UPDATE fencepost.lock AS l
           SET counter = v_lock.token,
               expires_at = greatest(l.expires_at, clock_timestamp() + p_ttl * interval '1 ms')
         WHERE l.resource = v_lock.resource AND l.owner = v_lock.owner
           AND l.expires_at > clock_timestamp() AND l.counter <= v_lock.token;
        v_held[v_lock.place] := FOUND;
    END LOOP;
    PERFORM fencepost.lock_durably();
    RETURN v_held;
END
$$;

-- Locks a free resource again for an owner, unless it was granted to somebody else since. Says whether the owner holds it now.
CREATE OR REPLACE FUNCTION fencepost.lock_restore(p_resource text, p_owner text, p_token bigint, p_ttl bigint)
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '1s'
AS $$
DECLARE
    v_held boolean;
BEGIN
    INSERT INTO fencepost.lock AS l (resource, counter, owner, expires_at)
    VALUES (p_resource, p_token, p_owner, clock_timestamp() + p_ttl * interval '1 ms')
    ON CONFLICT ON CONSTRAINT lock_pkey DO UPDATE
       SET counter = p_token,
           owner = p_owner,
           expires_at = greatest(clock_timestamp() + p_ttl * interval '1 ms',
                                 CASE WHEN l.owner = p_owner THEN l.expires_at END)
     WHERE l.counter <= p_token
       AND (l.owner IS NULL OR l.owner = p_owner OR l.expires_at <= clock_timestamp());
    v_held := FOUND;
    PERFORM fencepost.lock_durably();
    RETURN v_held;
END
$$;

-- Frees the lock of an owner who holds it, and lifts a counter that lags behind the token, whoever holds the lock by now.
--
-- p_channel is where to announce it, or -1. What it returns is how many other sessions watch there; -1 if the owner did not hold the lock.
--
-- It does not wait for the disk: a release that a crash takes back leaves a lock that ends with its time. No token is lost with it, since
-- every later grant is written behind it.
CREATE OR REPLACE FUNCTION fencepost.lock_release(p_resource text, p_owner text, p_token bigint, p_channel integer)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '1s'
AS $$
DECLARE
    v_watchers bigint := 0;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE fencepost.lock AS l
       SET owner = NULL, expires_at = '-infinity', counter = greatest(l.counter, p_token)
     WHERE l.resource = p_resource AND l.owner = p_owner AND l.expires_at > clock_timestamp();
    IF NOT FOUND THEN
        IF p_token > 0 THEN
            INSERT INTO fencepost.lock AS l (resource, counter) VALUES (p_resource, p_token)
            ON CONFLICT ON CONSTRAINT lock_pkey DO UPDATE SET counter = p_token WHERE l.counter < p_token;
        END IF;
        RETURN -1;
    END IF;
    -- Cheap where nobody else watches, which is the ordinary case; what this session holds itself is not in its way.
    IF p_channel >= 0 AND NOT pg_try_advisory_xact_lock(1180004963, p_channel) THEN
        SELECT count(*) INTO v_watchers
          FROM pg_locks AS w
         WHERE w.locktype = 'advisory' AND w.classid = 1180004963 AND w.objid = p_channel AND w.objsubid = 2
           AND w.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
           AND w.mode = 'ShareLock' AND w.granted AND w.pid <> pg_backend_pid();
        IF v_watchers > 0 THEN
            PERFORM pg_notify('fencepost_released', p_token || ' ' || p_resource);
        END IF;
    END IF;
    RETURN v_watchers;
END
$$;

REVOKE ALL ON FUNCTION fencepost.lock_incarnation() FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_durably() FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_join(bigint, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_grant(text, text, bigint, bigint, bigint, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_raise(text, text, bigint, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_extend(text[], text[], bigint[], bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_restore(text, text, bigint, bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION fencepost.lock_release(text, text, bigint, integer) FROM PUBLIC;
