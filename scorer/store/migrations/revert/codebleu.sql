-- Revert scorer:codebleu from pg

BEGIN;

ALTER TABLE scorer.score DROP COLUMN codebleu;

COMMIT;
