-- Verify scorer:codebleu on pg

BEGIN;

-- Its column went with metric_lists.
SELECT subject FROM scorer.score WHERE false;

ROLLBACK;
