-- Revert evaluator:provenance from pg

BEGIN;

DROP TABLE evaluator.run_components;
ALTER TABLE evaluator.run_rows
  DROP COLUMN prompt_tokens,
  DROP COLUMN completion_tokens;
ALTER TABLE evaluator.runs
  DROP COLUMN rescored_run,
  DROP COLUMN rubric,
  DROP COLUMN purpose;

COMMIT;
