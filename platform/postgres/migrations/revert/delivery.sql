-- Revert evalloop_platform:delivery from pg

BEGIN;

-- RESTRICT: a service that is still there must go first.
DROP FUNCTION evalloop_platform.drop_service(text);
DROP FUNCTION evalloop_platform.create_service(text);
DROP FUNCTION evalloop_platform.create_delivery_tables(text);
DO $$
BEGIN
  IF EXISTS (SELECT FROM evalloop_platform.service) THEN
    RAISE EXCEPTION 'revert the services first';
  END IF;
END
$$;
DROP TABLE evalloop_platform.service;
DROP SCHEMA evalloop_platform;

COMMIT;
