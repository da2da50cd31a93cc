-- Deploy evaluator:found_tests to pg
-- requires: benchmark_life

BEGIN;

-- Items that no verdict counts: their solution fails its own tests, or passes
-- them now and then. An item whose tests were found in its repository is not
-- among them: where its tests don't hold, it is judged without.
CREATE OR REPLACE VIEW evaluator.quarantine AS
SELECT o.benchmark, o.benchmark_version, o.item_id, o.reason, o.check_time
FROM evaluator.oracles o
  JOIN evaluator.items i USING (benchmark, benchmark_version, item_id)
WHERE o.reason IN ('flaky', 'solution_fails')
  AND NOT ('executable' = ANY (i.tags));

COMMIT;
