-- Revert scorer:judge_votes from pg

BEGIN;

DROP TABLE scorer.judge_vote;

COMMIT;
