-- A table, its partitions and its heirs, and what the connected role could do to the triggers of each.
WITH RECURSIVE branch (oid) AS (
    SELECT c.oid
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname = ? AND c.relname = ?
     UNION
    SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN branch ON branch.oid = i.inhparent
)
SELECT format('%I.%I', n.nspname, c.relname) AS table_name,
       c.relkind IN ('r', 'p') AS is_table,
       (SELECT g.tgenabled::text FROM pg_catalog.pg_trigger AS g
         WHERE g.tgrelid = c.oid AND g.tgname = 'fencepost_guard') AS of_rows,
       (SELECT g.tgenabled::text FROM pg_catalog.pg_trigger AS g
         WHERE g.tgrelid = c.oid AND g.tgname = 'fencepost_guard_truncate') AS of_truncate,
       pg_has_role(c.relowner, 'MEMBER') AS owned,
       a.attname IS NOT NULL AS has_column,
       coalesce(a.attnotnull, false) AS not_null,
       coalesce(format_type(a.atttypid, NULL), '') AS column_type
  FROM branch
  JOIN pg_catalog.pg_class AS c ON c.oid = branch.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = ? AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY c.oid
