-- Deploy evaluator:hidden_tests to pg
-- requires: gate_baselines

BEGIN;

ALTER TABLE evaluator.items
  ADD COLUMN tests text NOT NULL DEFAULT '',
  ADD COLUMN entry_point text NOT NULL DEFAULT '';

ALTER TABLE evaluator.benchmarks
  ADD COLUMN tested integer NOT NULL DEFAULT 0;

-- How strong an item's tests are.
CREATE TABLE evaluator.oracles (
  benchmark         text        NOT NULL,
  benchmark_version integer     NOT NULL,
  item_id           text        NOT NULL,
  mutation_score    float8 CHECK (mutation_score BETWEEN 0 AND 1),
  killed            bigint      NOT NULL,
  survived          bigint      NOT NULL,
  unknown           bigint      NOT NULL,
  reason            text        NOT NULL,
  survivor_lines    bigint[]    NOT NULL,
  survivor_changes  text[]      NOT NULL,
  check_time        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (benchmark, benchmark_version, item_id),
  FOREIGN KEY (benchmark, benchmark_version, item_id)
    REFERENCES evaluator.items,
  CHECK (cardinality(survivor_lines) = cardinality(survivor_changes))
);

-- Items that no verdict counts: their solution fails its own tests, or passes
-- them now and then.
CREATE VIEW evaluator.quarantine AS
SELECT benchmark, benchmark_version, item_id, reason, check_time
FROM evaluator.oracles
WHERE reason IN ('flaky', 'solution_fails');

ALTER TABLE evaluator.gate_findings
  ADD COLUMN alarm boolean NOT NULL DEFAULT false;

ALTER TABLE evaluator.run_rows
  ADD COLUMN finding_metrics text[],
  ADD COLUMN finding_rules text[],
  ADD COLUMN finding_lines bigint[];

COMMIT;
