-- Verify scorer:static_metrics on pg

BEGIN;

SELECT complexity_delta, complexity_vs_references, security_delta, secrets_delta,
       licence_headers_delta, invented_symbols, convention_score,
       type_errors_delta
  FROM scorer.score WHERE false;

ROLLBACK;
