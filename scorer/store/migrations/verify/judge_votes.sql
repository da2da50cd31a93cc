-- Verify scorer:judge_votes on pg

BEGIN;

SELECT digest, grades, rationale, reason, create_time FROM scorer.judge_vote
 WHERE false;

ROLLBACK;
