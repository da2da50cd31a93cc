-- Deploy scorer:outcomes to pg
-- requires: rubrics

BEGIN;

ALTER TABLE scorer.score
  -- Whether a live completion that was shown was accepted; NULL: no completion,
  -- or nobody told.
  ADD COLUMN accepted boolean,
  -- Prompt and language of the completion.
  ADD COLUMN task text,
  ADD CHECK ((accepted IS NULL) = (task IS NULL));

CREATE INDEX score_outcomes ON scorer.score (scorer_digest, score_time DESC)
  WHERE accepted IS NOT NULL;

COMMIT;
