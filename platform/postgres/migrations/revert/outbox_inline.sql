-- Revert evalloop_platform:outbox_inline from pg

BEGIN;

DROP FUNCTION evalloop_platform.create_delivery_tables(text);
ALTER FUNCTION evalloop_platform.create_delivery_tables_2(text)
  RENAME TO create_delivery_tables;
DROP FUNCTION evalloop_platform.keep_outbox_inline(text);
DO $$
DECLARE schema_name text;
BEGIN
  FOR schema_name IN SELECT name FROM evalloop_platform.service LOOP
    EXECUTE format('ALTER TABLE %I.outbox RESET (toast_tuple_target)',
                   schema_name);
    EXECUTE format('ALTER TABLE %I.outbox ALTER payload SET STORAGE EXTENDED',
                   schema_name);
  END LOOP;
END
$$;

COMMIT;
