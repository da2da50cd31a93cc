-- Revert evaluator:found_tests from pg

BEGIN;

CREATE OR REPLACE VIEW evaluator.quarantine AS
SELECT benchmark, benchmark_version, item_id, reason, check_time
FROM evaluator.oracles
WHERE reason IN ('flaky', 'solution_fails');

COMMIT;
