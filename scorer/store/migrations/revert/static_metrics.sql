-- Revert scorer:static_metrics from pg

BEGIN;

ALTER TABLE scorer.score
  DROP COLUMN complexity_delta,
  DROP COLUMN complexity_vs_references,
  DROP COLUMN security_delta,
  DROP COLUMN secrets_delta,
  DROP COLUMN licence_headers_delta,
  DROP COLUMN invented_symbols,
  DROP COLUMN convention_score,
  DROP COLUMN type_errors_delta;

COMMIT;
