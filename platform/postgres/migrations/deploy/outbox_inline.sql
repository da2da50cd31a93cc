-- Deploy evalloop_platform:outbox_inline to pg
-- requires: cluster
-- An outbox row lives for milliseconds: compressing an event of some kilobytes,
-- or moving it out of line, costs more than all else that is done with it.

BEGIN;

CREATE FUNCTION evalloop_platform.keep_outbox_inline(schema_name text)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  EXECUTE format('ALTER TABLE %I.outbox SET (toast_tuple_target = 8160)',
                 schema_name);
  -- What does not fit into a page is stored as it is.
  EXECUTE format('ALTER TABLE %I.outbox ALTER payload SET STORAGE EXTERNAL',
                 schema_name);
END
$function$;

SELECT evalloop_platform.keep_outbox_inline(name)
FROM evalloop_platform.service;

ALTER FUNCTION evalloop_platform.create_delivery_tables(text)
  RENAME TO create_delivery_tables_2;

CREATE FUNCTION evalloop_platform.create_delivery_tables(schema_name text)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  PERFORM evalloop_platform.create_delivery_tables_2(schema_name);
  PERFORM evalloop_platform.keep_outbox_inline(schema_name);
END
$function$;

COMMIT;
