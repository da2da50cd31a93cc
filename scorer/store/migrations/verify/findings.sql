-- Verify scorer:findings on pg

BEGIN;

SELECT finding_metrics, finding_rules, finding_lines
FROM scorer.score WHERE false;

ROLLBACK;
