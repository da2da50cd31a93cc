-- Deploy evaluator:provenance to pg
-- requires: gates_explained

BEGIN;

SET LOCAL search_path TO evaluator;

ALTER TABLE runs
  ADD COLUMN purpose text NOT NULL DEFAULT 'asked'
    CHECK (purpose IN ('asked', 'gate', 'look', 'rows', 'baseline', 'rescore')),
  -- By which its rows are scored; empty: the one in force.
  ADD COLUMN rubric text NOT NULL DEFAULT '',
  -- The run whose answers were scored again.
  ADD COLUMN rescored_run text REFERENCES runs (run_id);

ALTER TABLE run_rows
  ADD COLUMN prompt_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN completion_tokens bigint NOT NULL DEFAULT 0;

-- Which builds of which programs took part in a run.
CREATE TABLE run_components (
  run_id    text NOT NULL REFERENCES runs (run_id),
  component text NOT NULL CHECK (component IN ('evaluator', 'serving', 'scorer')),
  version   text NOT NULL CHECK (version <> ''),
  PRIMARY KEY (run_id, component, version)
);

COMMIT;
