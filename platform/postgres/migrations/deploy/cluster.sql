-- Deploy evalloop_platform:cluster to pg
-- requires: delivery
-- An offset means nothing in another Kafka cluster: one that was made anew
-- starts at 0 again, and reading on at the old offset would skip records.

BEGIN;

CREATE FUNCTION evalloop_platform.add_cluster(schema_name text)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  EXECUTE format('ALTER TABLE %I.consumer_offset '
                 'ADD COLUMN cluster text NOT NULL DEFAULT ''''', schema_name);
END
$function$;

SELECT evalloop_platform.add_cluster(name) FROM evalloop_platform.service;

ALTER FUNCTION evalloop_platform.create_delivery_tables(text)
  RENAME TO create_delivery_tables_1;

CREATE FUNCTION evalloop_platform.create_delivery_tables(schema_name text)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  PERFORM evalloop_platform.create_delivery_tables_1(schema_name);
  PERFORM evalloop_platform.add_cluster(schema_name);
END
$function$;

COMMIT;
