-- Revert scorer:metric_lists from pg

BEGIN;

ALTER TABLE scorer.score
  ADD COLUMN exact_match float8,
  ADD COLUMN edit_similarity float8,
  ADD COLUMN token_jaccard float8,
  ADD COLUMN bleu float8,
  ADD COLUMN chrf float8,
  ADD COLUMN rouge_l float8,
  ADD COLUMN identifier_f1 float8,
  ADD COLUMN pearson float8,
  ADD COLUMN spearman float8,
  ADD COLUMN parses float8,
  ADD COLUMN codebleu float8,
  ADD COLUMN complexity_delta float8,
  ADD COLUMN complexity_vs_references float8,
  ADD COLUMN security_delta float8,
  ADD COLUMN secrets_delta float8,
  ADD COLUMN licence_headers_delta float8,
  ADD COLUMN invented_symbols float8,
  ADD COLUMN convention_score float8,
  ADD COLUMN type_errors_delta float8,
  ADD COLUMN missing_metrics text[] NOT NULL DEFAULT '{}',
  ADD COLUMN missing_reasons text[] NOT NULL DEFAULT '{}',
  ADD CHECK (cardinality(missing_reasons) = cardinality(missing_metrics));

UPDATE scorer.score AS s SET
  exact_match = metric_values[array_position(metric_names, 'exact_match')],
  edit_similarity = metric_values[array_position(metric_names, 'edit_similarity')],
  token_jaccard = metric_values[array_position(metric_names, 'token_jaccard')],
  bleu = metric_values[array_position(metric_names, 'bleu')],
  chrf = metric_values[array_position(metric_names, 'chrf')],
  rouge_l = metric_values[array_position(metric_names, 'rouge_l')],
  identifier_f1 = metric_values[array_position(metric_names, 'identifier_f1')],
  pearson = metric_values[array_position(metric_names, 'pearson')],
  spearman = metric_values[array_position(metric_names, 'spearman')],
  parses = metric_values[array_position(metric_names, 'parses')],
  codebleu = metric_values[array_position(metric_names, 'codebleu')],
  complexity_delta =
    metric_values[array_position(metric_names, 'complexity_delta')],
  complexity_vs_references =
    metric_values[array_position(metric_names, 'complexity_vs_references')],
  security_delta =
    metric_values[array_position(metric_names, 'security_delta')],
  secrets_delta = metric_values[array_position(metric_names, 'secrets_delta')],
  licence_headers_delta =
    metric_values[array_position(metric_names, 'licence_headers_delta')],
  invented_symbols =
    metric_values[array_position(metric_names, 'invented_symbols')],
  convention_score =
    metric_values[array_position(metric_names, 'convention_score')],
  type_errors_delta =
    metric_values[array_position(metric_names, 'type_errors_delta')],
  missing_metrics = (SELECT coalesce(array_agg(m.name ORDER BY m.place), '{}')
    FROM unnest(metric_names, metric_values) WITH ORDINALITY
      AS m (name, value, place) WHERE m.value IS NULL),
  missing_reasons = (SELECT coalesce(array_agg(m.reason ORDER BY m.place), '{}')
    FROM unnest(metric_values, metric_reasons) WITH ORDINALITY
      AS m (value, reason, place) WHERE m.value IS NULL);

ALTER TABLE scorer.score
  DROP COLUMN metric_names,
  DROP COLUMN metric_values,
  DROP COLUMN metric_reasons;

COMMIT;
