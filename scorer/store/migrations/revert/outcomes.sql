-- Revert scorer:outcomes from pg

BEGIN;

ALTER TABLE scorer.score
  DROP COLUMN accepted,
  DROP COLUMN task;

COMMIT;
