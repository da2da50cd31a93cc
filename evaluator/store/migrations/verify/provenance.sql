-- Verify evaluator:provenance on pg

BEGIN;

SELECT purpose, rubric, rescored_run FROM evaluator.runs WHERE false;
SELECT prompt_tokens, completion_tokens FROM evaluator.run_rows WHERE false;
SELECT run_id, component, version FROM evaluator.run_components WHERE false;

ROLLBACK;
