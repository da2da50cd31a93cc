-- Deploy scorer:metric_lists to pg
-- requires: judge_votes
-- requires: static_metrics

BEGIN;

-- The metrics that were asked for, in order; a value that is missing is NULL
-- and has a reason at the same place.
ALTER TABLE scorer.score
  ADD COLUMN metric_names text[] NOT NULL DEFAULT '{}',
  ADD COLUMN metric_values float8[] NOT NULL DEFAULT '{}',
  ADD COLUMN metric_reasons text[] NOT NULL DEFAULT '{}',
  ADD CHECK (cardinality(metric_values) = cardinality(metric_names)),
  ADD CHECK (cardinality(metric_reasons) = cardinality(metric_names));

UPDATE scorer.score AS s SET (metric_names, metric_values, metric_reasons) = (
  SELECT coalesce(array_agg(m.name ORDER BY m.place), '{}'),
         coalesce(array_agg(m.value ORDER BY m.place), '{}'),
         coalesce(array_agg(CASE WHEN m.value IS NULL THEN
           s.missing_reasons[array_position(s.missing_metrics, m.name)]
           ELSE '' END ORDER BY m.place), '{}')
    FROM (VALUES
         (1, 'exact_match', s.exact_match),
         (2, 'edit_similarity', s.edit_similarity),
         (3, 'token_jaccard', s.token_jaccard),
         (4, 'bleu', s.bleu),
         (5, 'chrf', s.chrf),
         (6, 'rouge_l', s.rouge_l),
         (7, 'identifier_f1', s.identifier_f1),
         (8, 'pearson', s.pearson),
         (9, 'spearman', s.spearman),
         (10, 'parses', s.parses),
         (11, 'codebleu', s.codebleu),
         (12, 'complexity_delta', s.complexity_delta),
         (13, 'complexity_vs_references', s.complexity_vs_references),
         (14, 'security_delta', s.security_delta),
         (15, 'secrets_delta', s.secrets_delta),
         (16, 'licence_headers_delta', s.licence_headers_delta),
         (17, 'invented_symbols', s.invented_symbols),
         (18, 'convention_score', s.convention_score),
         (19, 'type_errors_delta', s.type_errors_delta)
    ) AS m (place, name, value)
   WHERE m.value IS NOT NULL OR m.name = ANY (s.missing_metrics));

ALTER TABLE scorer.score
  DROP COLUMN exact_match,
  DROP COLUMN edit_similarity,
  DROP COLUMN token_jaccard,
  DROP COLUMN bleu,
  DROP COLUMN chrf,
  DROP COLUMN rouge_l,
  DROP COLUMN identifier_f1,
  DROP COLUMN pearson,
  DROP COLUMN spearman,
  DROP COLUMN parses,
  DROP COLUMN codebleu,
  DROP COLUMN complexity_delta,
  DROP COLUMN complexity_vs_references,
  DROP COLUMN security_delta,
  DROP COLUMN secrets_delta,
  DROP COLUMN licence_headers_delta,
  DROP COLUMN invented_symbols,
  DROP COLUMN convention_score,
  DROP COLUMN type_errors_delta,
  DROP COLUMN missing_metrics,
  DROP COLUMN missing_reasons;

COMMIT;
