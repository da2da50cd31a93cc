-- Verify evalloop_platform:cluster on pg

BEGIN;

SELECT 'evalloop_platform.add_cluster(text)'::regprocedure;

ROLLBACK;
