-- Verify prompt_engine:library on pg

BEGIN;

SELECT name, latest_version, created_at FROM prompt_engine.prompt WHERE false;
SELECT prompt, version, digest, content, content_json, published_at
  FROM prompt_engine.revision WHERE false;
SELECT prompt, label, version, sequence FROM prompt_engine.label WHERE false;
SELECT id, prompt, act FROM prompt_engine.history WHERE false;

ROLLBACK;
