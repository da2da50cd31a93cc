-- Verify evaluator:queries on pg

BEGIN;

SELECT metric, numerator, denominator
FROM evaluator.metric_parts(ARRAY['chrf'], ARRAY[1.0], NULL, NULL);
SELECT evaluator.metric_value(ARRAY['chrf'], ARRAY[1.0], NULL, NULL, 'chrf');
SELECT 1 / count(*) FROM pg_indexes
WHERE schemaname = 'evaluator' AND indexname = 'items_by_tag';
SELECT 1 / count(*) FROM pg_indexes
WHERE schemaname = 'evaluator' AND indexname = 'runs_by_benchmark';

ROLLBACK;
