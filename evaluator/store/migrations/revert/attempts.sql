-- Revert evaluator:attempts from pg

BEGIN;

ALTER TABLE evaluator.run_rows DROP COLUMN attempts;

COMMIT;
