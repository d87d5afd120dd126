-- What the connected role could do to get around the guard. It names objects by the catalogs, for a role without rights on the schema.
SELECT current_user AS role_name,
       r.rolsuper AS is_superuser,
       EXISTS (
           SELECT FROM pg_catalog.pg_class AS c
             JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = 'fencepost' AND c.relname = 'fence'
              AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
       ) AS writes_fence,
       EXISTS (
           SELECT FROM pg_catalog.pg_namespace AS n
            WHERE n.nspname = 'fencepost' AND has_schema_privilege(n.oid, 'CREATE')
       ) AS creates_in_schema,
       EXISTS (
           SELECT FROM pg_catalog.pg_proc AS p
             JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname = 'fencepost' AND pg_has_role(p.proowner, 'MEMBER')
       ) AS owns_functions
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname = current_user
