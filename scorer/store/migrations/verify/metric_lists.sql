-- Verify scorer:metric_lists on pg

BEGIN;

SELECT metric_names, metric_values, metric_reasons FROM scorer.score
 WHERE false;

ROLLBACK;
