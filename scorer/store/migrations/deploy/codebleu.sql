-- Deploy scorer:codebleu to pg
-- requires: scores

BEGIN;

ALTER TABLE scorer.score ADD COLUMN codebleu float8;

COMMIT;
