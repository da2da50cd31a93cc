-- Revert evaluator:benchmark_life from pg

BEGIN;

SET LOCAL search_path TO evaluator;

DROP VIEW benchmark_mix;
DROP VIEW outdated_items;
DROP TABLE models;
ALTER TABLE runs
  DROP CONSTRAINT runs_subset_check,
  ADD CONSTRAINT runs_subset_check
    CHECK (subset IN ('full', 'smoke', 'rows'));
DROP TABLE archived_items;
ALTER TABLE items
  DROP COLUMN task,
  DROP COLUMN end_line,
  DROP COLUMN symbol,
  DROP COLUMN canary,
  DROP COLUMN explanation,
  DROP COLUMN criteria,
  DROP COLUMN holdout,
  DROP COLUMN variant_commits,
  DROP COLUMN variant_times,
  DROP COLUMN variant_authorship,
  DROP COLUMN variant_survival_days,
  DROP COLUMN variant_alive,
  DROP COLUMN variant_levels,
  DROP COLUMN variant_centralities;
ALTER TABLE benchmarks
  DROP COLUMN holdout,
  DROP COLUMN holdout_share,
  DROP COLUMN classes,
  DROP COLUMN tasks,
  DROP COLUMN rotated_from;

COMMIT;
