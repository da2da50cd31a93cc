-- Deploy scorer:scores to pg
-- requires: evalloop_platform:delivery

BEGIN;

SELECT evalloop_platform.create_service('scorer');

-- One row per subject and scorer digest. A metric without a value is NULL here
-- and stands in missing_metrics with its reason at the same place of
-- missing_reasons; NULL without a reason: not asked for.
CREATE TABLE scorer.score (
  -- completions/{id}, or runs/{run}/items/{item}/samples/{sample}
  subject text NOT NULL CHECK (subject <> ''),
  scorer_digest text NOT NULL CHECK (scorer_digest ~ '^[0-9a-f]{64}$'),
  score_time timestamptz NOT NULL,
  composite float8 CHECK (composite BETWEEN 0 AND 1),
  exact_match float8,
  edit_similarity float8,
  token_jaccard float8,
  bleu float8,
  chrf float8,
  rouge_l float8,
  identifier_f1 float8,
  pearson float8,
  spearman float8,
  parses float8,
  missing_metrics text[] NOT NULL,
  missing_reasons text[] NOT NULL
    CHECK (cardinality(missing_reasons) = cardinality(missing_metrics)),
  -- What the typed line cost and saved, for runs that type; characters are
  -- non-blank ones.
  typed_lines bigint,
  typed_requests bigint,
  typed_shown bigint,
  typed_accepted bigint,
  typed_chars bigint,
  typed_accepted_chars bigint,
  typed_rejected_chars bigint,
  PRIMARY KEY (subject, scorer_digest),
  CHECK (num_nulls(typed_lines, typed_requests, typed_shown, typed_accepted,
                   typed_chars, typed_accepted_chars, typed_rejected_chars)
         IN (0, 7))
);

-- Pages of lists, newest first; and those of one run.
CREATE INDEX score_newest ON scorer.score
  (score_time DESC, subject DESC, scorer_digest DESC);
CREATE INDEX score_subject ON scorer.score (subject text_pattern_ops);

COMMIT;
