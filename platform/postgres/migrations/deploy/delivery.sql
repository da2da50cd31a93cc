-- Deploy evalloop_platform:delivery to pg
-- Each service's first migration says
--   SELECT evalloop_platform.create_service('scorer');
-- and has from then on a schema and a role of its own with the delivery tables.

BEGIN;

CREATE SCHEMA evalloop_platform;

-- Which schemas hold delivery tables, so that a later change can reach them.
CREATE TABLE evalloop_platform.service (
  name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,40}$'),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Makes, in schema `schema_name`, what exactly-once effects need.
CREATE FUNCTION evalloop_platform.create_delivery_tables(schema_name text)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  -- Records that must reach Kafka; a row lives until its delivery report.
  EXECUTE format($ddl$
    CREATE TABLE %I.outbox (
      id bigserial PRIMARY KEY,
      event_id text NOT NULL UNIQUE,
      topic text NOT NULL,
      key text NOT NULL,
      payload bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )$ddl$, schema_name);

  -- Events whose effect is in this database.
  EXECUTE format($ddl$
    CREATE TABLE %I.inbox (
      consumer text NOT NULL,
      event_id text NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, event_id)
    )$ddl$, schema_name);
  EXECUTE format(
    'CREATE INDEX inbox_received_at ON %I.inbox USING brin (received_at)',
    schema_name);

  -- Where each consumer goes on; the epoch fences whoever held it before.
  EXECUTE format($ddl$
    CREATE TABLE %I.consumer_offset (
      consumer text NOT NULL,
      topic text NOT NULL,
      partition integer NOT NULL CHECK (partition >= 0),
      epoch bigint NOT NULL CHECK (epoch > 0),
      next_offset bigint CHECK (next_offset >= 0),
      updated_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, topic, partition)
    )$ddl$, schema_name);

  -- Records that no retry can help, kept for a human.
  EXECUTE format($ddl$
    CREATE TABLE %I.poison (
      consumer text NOT NULL,
      event_id text NOT NULL,
      topic text NOT NULL,
      partition integer NOT NULL,
      "offset" bigint NOT NULL,
      key bytea NOT NULL,
      payload bytea NOT NULL,
      reason text NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (consumer, topic, partition, "offset")
    )$ddl$, schema_name);
END
$function$;

-- A schema for `service_name`, a role evalloop_<service_name> without login
-- that may use it and nothing else (grant it to the service's login), and the
-- delivery tables. What the caller makes in the schema later is granted too.
CREATE FUNCTION evalloop_platform.create_service(service_name text)
RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  role_name text := 'evalloop_' || service_name;
BEGIN
  INSERT INTO evalloop_platform.service (name) VALUES (service_name);
  -- Roles belong to the whole cluster: another database may have made it, even
  -- at this moment.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END IF;
  EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', service_name);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service_name, role_name);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I '
                 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
                 service_name, role_name);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I '
                 'GRANT USAGE, SELECT ON SEQUENCES TO %I',
                 service_name, role_name);
  PERFORM evalloop_platform.create_delivery_tables(service_name);
END
$function$;

-- The way back, for a service's first revert script. The role stays: other
-- databases of the cluster may use it.
CREATE FUNCTION evalloop_platform.drop_service(service_name text)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  DELETE FROM evalloop_platform.service WHERE name = service_name;
  EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', service_name);
END
$function$;

COMMIT;
