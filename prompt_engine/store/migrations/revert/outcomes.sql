-- Revert prompt_engine:outcomes from pg

BEGIN;

DROP TABLE prompt_engine.outcome;

COMMIT;
