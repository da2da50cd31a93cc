-- Deploy evaluator:gate_baselines to pg
-- requires: benchmarks_runs_gates

BEGIN;

-- named: by the caller; chosen: a run of the baseline's revision; renewed: one
-- more, since the chosen one had another scorer digest than the candidate's.
ALTER TABLE evaluator.gates
  ADD COLUMN baseline_source text NOT NULL DEFAULT 'chosen'
    CHECK (baseline_source IN ('named', 'chosen', 'renewed'));

COMMIT;
