-- Revert evaluator:gates_explained from pg

BEGIN;

SET LOCAL search_path TO evaluator;

DROP TABLE noise_floors;
DROP TABLE gate_acts;
DROP FUNCTION keep_gate_acts();
ALTER TABLE gate_findings DROP COLUMN dimension, DROP COLUMN category;
ALTER TABLE gate_tolerances
  DROP COLUMN category_tolerance,
  DROP COLUMN category_dimensions,
  DROP COLUMN category_names,
  DROP COLUMN category_averages,
  DROP COLUMN category_thresholds;
ALTER TABLE gates
  DROP COLUMN on_inconclusive,
  DROP COLUMN rows_decide,
  DROP COLUMN looks,
  DROP COLUMN samples,
  DROP COLUMN retried,
  DROP COLUMN candidate_confirm,
  DROP COLUMN baseline_confirm,
  DROP COLUMN warns,
  DROP COLUMN override_time,
  DROP COLUMN content;
DROP TABLE smoke_subsets;
ALTER TABLE run_rows
  DROP COLUMN reported_model, DROP COLUMN system_fingerprint;
DROP INDEX runs_by_revision;
ALTER TABLE runs
  DROP COLUMN subset, DROP COLUMN subset_digest, DROP COLUMN deterministic;

COMMIT;
