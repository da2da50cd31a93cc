-- Verify scorer:static_metrics on pg

BEGIN;

-- Its columns went with metric_lists.
SELECT subject FROM scorer.score WHERE false;

ROLLBACK;
