-- Deploy scorer:findings to pg
-- requires: applies_with_outcome

BEGIN;

-- What metrics counted: names and lines, no other text of the candidate.
ALTER TABLE scorer.score
  ADD COLUMN finding_metrics text[] NOT NULL DEFAULT '{}',
  ADD COLUMN finding_rules text[] NOT NULL DEFAULT '{}',
  ADD COLUMN finding_lines bigint[] NOT NULL DEFAULT '{}',
  ADD CHECK (cardinality(finding_rules) = cardinality(finding_metrics)),
  ADD CHECK (cardinality(finding_lines) = cardinality(finding_metrics));

COMMIT;
