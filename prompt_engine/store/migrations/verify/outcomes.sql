-- Verify prompt_engine:outcomes on pg

BEGIN;

SELECT completion_id, raw_text, token_ends, log_probabilities, text
  FROM prompt_engine.outcome WHERE false;

ROLLBACK;
