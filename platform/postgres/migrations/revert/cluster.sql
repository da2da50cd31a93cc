-- Revert evalloop_platform:cluster from pg

BEGIN;

DROP FUNCTION evalloop_platform.create_delivery_tables(text);
ALTER FUNCTION evalloop_platform.create_delivery_tables_1(text)
  RENAME TO create_delivery_tables;
DROP FUNCTION evalloop_platform.add_cluster(text);
DO $$
DECLARE schema_name text;
BEGIN
  FOR schema_name IN SELECT name FROM evalloop_platform.service LOOP
    EXECUTE format('ALTER TABLE %I.consumer_offset DROP COLUMN cluster',
                   schema_name);
  END LOOP;
END
$$;

COMMIT;
