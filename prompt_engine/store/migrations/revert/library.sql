-- Revert prompt_engine:library from pg

BEGIN;

SELECT evalloop_platform.drop_service('prompt_engine');

COMMIT;
