-- Revert evaluator:hidden_tests from pg

BEGIN;

ALTER TABLE evaluator.run_rows
  DROP COLUMN finding_metrics,
  DROP COLUMN finding_rules,
  DROP COLUMN finding_lines;
ALTER TABLE evaluator.gate_findings DROP COLUMN alarm;
DROP VIEW evaluator.quarantine;
DROP TABLE evaluator.oracles;
ALTER TABLE evaluator.benchmarks DROP COLUMN tested;
ALTER TABLE evaluator.items DROP COLUMN tests, DROP COLUMN entry_point;

COMMIT;
