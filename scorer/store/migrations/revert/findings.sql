-- Revert scorer:findings from pg

BEGIN;

ALTER TABLE scorer.score
  DROP COLUMN finding_metrics,
  DROP COLUMN finding_rules,
  DROP COLUMN finding_lines;

COMMIT;
