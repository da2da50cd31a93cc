-- Revert evaluator:gate_baselines from pg

BEGIN;

ALTER TABLE evaluator.gates DROP COLUMN baseline_source;

COMMIT;
