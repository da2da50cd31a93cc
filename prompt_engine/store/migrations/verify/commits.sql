-- Verify prompt_engine:commits on pg

BEGIN;

SELECT id, repository, author_key FROM prompt_engine.repository WHERE false;
SELECT repository_id, position, sha FROM prompt_engine.git_commit WHERE false;
SELECT repository_id, position, path, line, token_key, context_key
  FROM prompt_engine.changed_line WHERE false;

ROLLBACK;
