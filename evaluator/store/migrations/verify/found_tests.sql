-- Verify evaluator:found_tests on pg

BEGIN;

SELECT 1 / (pg_get_viewdef('evaluator.quarantine'::regclass)
            LIKE '%executable%')::integer;

ROLLBACK;
