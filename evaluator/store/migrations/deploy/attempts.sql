-- Deploy evaluator:attempts to pg
-- requires: provenance

BEGIN;

SET LOCAL search_path TO evaluator;

-- Times that the model was asked, failures included; 0: not told.
ALTER TABLE run_rows
  ADD COLUMN attempts bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0);

COMMIT;
