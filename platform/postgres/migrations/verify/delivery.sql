-- Verify evalloop_platform:delivery on pg

BEGIN;

SELECT name, created_at FROM evalloop_platform.service WHERE false;
SELECT 'evalloop_platform.create_service(text)'::regprocedure,
       'evalloop_platform.create_delivery_tables(text)'::regprocedure,
       'evalloop_platform.drop_service(text)'::regprocedure;

ROLLBACK;
