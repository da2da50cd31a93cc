-- Verify evaluator:gate_baselines on pg

BEGIN;

SELECT baseline_source FROM evaluator.gates WHERE false;

ROLLBACK;
