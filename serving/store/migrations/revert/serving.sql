-- Revert serving:serving from pg

BEGIN;

SELECT evalloop_platform.drop_service('serving');

COMMIT;
