-- Deploy evaluator:gates_explained to pg
-- requires: hidden_tests

BEGIN;

SET LOCAL search_path TO evaluator;

ALTER TABLE runs
  ADD COLUMN subset text NOT NULL DEFAULT 'full'
    CHECK (subset IN ('full', 'smoke', 'rows')),
  ADD COLUMN subset_digest text NOT NULL DEFAULT '',
  -- The revision asks for no randomness.
  ADD COLUMN deterministic boolean NOT NULL DEFAULT false;
CREATE INDEX runs_by_revision ON runs (prompt, benchmark, benchmark_version);

-- What the provider said that answered.
ALTER TABLE run_rows
  ADD COLUMN reported_model text NOT NULL DEFAULT '',
  ADD COLUMN system_fingerprint text NOT NULL DEFAULT '';

-- The smoke subset in force; a run keeps its own rows and their digest.
CREATE TABLE smoke_subsets (
  benchmark         text        NOT NULL,
  benchmark_version integer     NOT NULL,
  item_ids          text[]      NOT NULL,
  revisions         bigint      NOT NULL,
  choose_time       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (benchmark, benchmark_version),
  FOREIGN KEY (benchmark, benchmark_version)
    REFERENCES benchmarks (name, version)
);

ALTER TABLE gates
  ADD COLUMN on_inconclusive text NOT NULL DEFAULT 'block'
    CHECK (on_inconclusive IN ('block', 'warn', 'sample_more')),
  ADD COLUMN rows_decide boolean NOT NULL DEFAULT false,
  ADD COLUMN looks integer NOT NULL DEFAULT 1,
  ADD COLUMN samples integer NOT NULL DEFAULT 1,
  ADD COLUMN retried boolean NOT NULL DEFAULT false,
  ADD COLUMN candidate_confirm text REFERENCES runs (run_id),
  ADD COLUMN baseline_confirm text REFERENCES runs (run_id),
  ADD COLUMN warns boolean NOT NULL DEFAULT false,
  ADD COLUMN override_time timestamptz,
  -- A serialised evalloop.v1.Gate with comparison and report alone.
  ADD COLUMN content bytea;

ALTER TABLE gate_tolerances
  ADD COLUMN category_tolerance float8,
  ADD COLUMN category_dimensions text[] NOT NULL DEFAULT '{}',
  ADD COLUMN category_names text[] NOT NULL DEFAULT '{}',
  ADD COLUMN category_averages float8[] NOT NULL DEFAULT '{}',
  ADD COLUMN category_thresholds float8[] NOT NULL DEFAULT '{}';

ALTER TABLE gate_findings
  ADD COLUMN dimension text NOT NULL DEFAULT '',
  ADD COLUMN category text NOT NULL DEFAULT '';

-- What people did to gates: a row signed off, a verdict overridden.
CREATE TABLE gate_acts (
  act_id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gate_id        text        NOT NULL REFERENCES gates (gate_id),
  act            text        NOT NULL CHECK (act IN ('row', 'override')),
  item_id        text        NOT NULL,
  reason         text        NOT NULL CHECK (reason <> ''),
  author         text        NOT NULL,
  verdict_before text        NOT NULL,
  verdict_after  text        NOT NULL,
  act_time       timestamptz NOT NULL
);
CREATE INDEX gate_acts_by_gate ON gate_acts (gate_id);
CREATE FUNCTION keep_gate_acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'gate_acts is append-only';
END $$;
CREATE TRIGGER gate_acts_stay BEFORE UPDATE OR DELETE ON gate_acts
  FOR EACH ROW EXECUTE FUNCTION keep_gate_acts();

-- What chance alone does to a metric's mean, as the last gate learnt it.
CREATE TABLE noise_floors (
  prompt      text        NOT NULL,
  benchmark   text        NOT NULL,
  metric      text        NOT NULL,
  floor       float8      NOT NULL CHECK (floor >= 0),
  differences bigint      NOT NULL,
  learn_time  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (prompt, benchmark, metric)
);

COMMIT;
