-- Deploy scorer:judge_votes to pg
-- requires: outcomes

BEGIN;

-- A judge's answers, so that nobody pays for one twice. An answer that was none
-- is kept too, with its reason; one that never came is not.
CREATE TABLE scorer.judge_vote (
  -- Of model, snapshot, prompt and the vote's number.
  digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
  -- One a criterion, from 1 to 5; NULL: the answer was none.
  grades bigint[],
  rationale text NOT NULL,
  reason text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  CHECK ((grades IS NULL) = (reason <> ''))
);
CREATE INDEX judge_vote_oldest ON scorer.judge_vote (create_time);

COMMIT;
