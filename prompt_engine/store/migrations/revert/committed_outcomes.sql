-- Revert prompt_engine:committed_outcomes from pg

BEGIN;

DROP TABLE prompt_engine.live_score;
DROP TABLE prompt_engine.committed_outcome;
DROP INDEX prompt_engine.git_commit_parent;
DELETE FROM prompt_engine.outcome WHERE settled_at IS NULL;
ALTER TABLE prompt_engine.outcome
  DROP CONSTRAINT outcome_told,
  ALTER COLUMN settled_at SET NOT NULL;

COMMIT;
