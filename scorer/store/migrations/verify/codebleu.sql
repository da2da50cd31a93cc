-- Verify scorer:codebleu on pg

BEGIN;

SELECT codebleu FROM scorer.score WHERE false;

ROLLBACK;
