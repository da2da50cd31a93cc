-- Deploy scorer:static_metrics to pg
-- requires: codebleu

BEGIN;

ALTER TABLE scorer.score
  ADD COLUMN complexity_delta float8,
  ADD COLUMN complexity_vs_references float8,
  ADD COLUMN security_delta float8,
  ADD COLUMN secrets_delta float8,
  ADD COLUMN licence_headers_delta float8,
  ADD COLUMN invented_symbols float8,
  ADD COLUMN convention_score float8,
  ADD COLUMN type_errors_delta float8;

COMMIT;
