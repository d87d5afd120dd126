-- What is there of the guard's schema: one row for each part, with its form and whether the connected role may use it.
-- Parts that do not exist have no row. It reads the catalogs by name, so that a role without any right on the schema can run it.
WITH home AS (
    SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'fencepost'
), fence AS (
    SELECT c.oid
      FROM pg_catalog.pg_class AS c
      JOIN home ON home.oid = c.relnamespace
     WHERE c.relname = 'fence' AND c.relkind = 'r'
)
SELECT 'server' AS part, current_setting('server_version_num') AS form, true AS usable
UNION ALL
SELECT 'schema fencepost', '', has_schema_privilege(home.oid, 'USAGE') FROM home
UNION ALL
SELECT 'table fencepost.fence', '', true FROM fence
UNION ALL
SELECT 'column fencepost.fence.' || a.attname,
       format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
       true
  FROM pg_catalog.pg_attribute AS a
  JOIN fence ON fence.oid = a.attrelid
 WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || k.conname, pg_get_constraintdef(k.oid), true
  FROM pg_catalog.pg_constraint AS k
  JOIN fence ON fence.oid = k.conrelid
UNION ALL
SELECT 'function fencepost.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
       CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' ELSE 'SECURITY INVOKER' END,
       -- The others are for the role that migrates.
       p.proname NOT IN ('claim', 'require_transaction', 'bound_transaction') OR has_function_privilege(p.oid, 'EXECUTE')
  FROM pg_catalog.pg_proc AS p
  JOIN home ON home.oid = p.pronamespace
