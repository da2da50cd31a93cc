-- Verify evaluator:attempts on pg

BEGIN;

SELECT attempts FROM evaluator.run_rows WHERE false;

ROLLBACK;
