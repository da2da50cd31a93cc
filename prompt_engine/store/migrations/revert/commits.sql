-- Revert prompt_engine:commits from pg

BEGIN;

DROP TABLE prompt_engine.changed_line;
DROP TABLE prompt_engine.git_commit;
DROP TABLE prompt_engine.repository;

COMMIT;
