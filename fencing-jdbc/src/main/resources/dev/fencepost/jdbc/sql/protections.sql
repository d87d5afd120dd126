-- The protected tables: how, and how often a write was reported. The arguments of a trigger are stored one after the other, each
-- ended by a zero byte.
SELECT n.nspname AS table_schema, c.relname AS table_name,
       convert_from(split.args[1], 'UTF8') AS mode,
       convert_from(split.args[2], 'UTF8') AS by_what,
       convert_from(split.args[3], 'UTF8') AS resource,
       coalesce(pg_sequence_last_value(q.oid), 0) AS reported
  FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_proc AS p ON p.oid = g.tgfoid
  JOIN pg_catalog.pg_namespace AS home ON home.oid = p.pronamespace AND home.nspname = 'fencepost'
  JOIN pg_catalog.pg_class AS q ON q.relnamespace = home.oid AND q.relname = p.proname || '_count'
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
        SELECT array_agg(decode(part.hex, 'hex') ORDER BY part.nr) AS args
          FROM regexp_split_to_table(regexp_replace(encode(g.tgargs, 'hex'), '(..)', '\1 ', 'g'), '00 ')
               WITH ORDINALITY AS part (hex, nr)
       ) AS split
 WHERE g.tgname = 'fencepost_guard' AND g.tgparentid = 0 AND g.tgnargs = 3
 ORDER BY 1, 2
