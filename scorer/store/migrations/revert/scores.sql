-- Revert scorer:scores from pg

BEGIN;

SELECT evalloop_platform.drop_service('scorer');

COMMIT;
