-- Deploy scorer:rubrics to pg
-- requires: scores

BEGIN;

-- Versions of rubrics; what is built in is not here. Terms of one name are
-- never stored twice.
CREATE TABLE scorer.rubric (
  name text NOT NULL CHECK (name <> ''),
  version integer NOT NULL CHECK (version > 0),
  -- Of the terms: scorer.h's TermsDigest.
  terms_digest text NOT NULL CHECK (terms_digest ~ '^[0-9a-f]{64}$'),
  description text NOT NULL,
  author text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (name, version),
  UNIQUE (name, terms_digest)
);
CREATE INDEX rubric_newest ON scorer.rubric
  (create_time DESC, name DESC, version DESC);

CREATE TABLE scorer.rubric_term (
  name text NOT NULL,
  version integer NOT NULL,
  position integer NOT NULL CHECK (position > 0),
  metric text NOT NULL,
  weight float8 NOT NULL CHECK (weight BETWEEN 0 AND 1),
  floor float8,
  term_group text NOT NULL
    CHECK (term_group IN ('honest', 'harmless', 'helpful')),
  applies text NOT NULL
    CHECK (applies IN ('always', 'with_tests', 'without_tests')),
  best float8,
  worst float8,
  PRIMARY KEY (name, version, position),
  FOREIGN KEY (name, version) REFERENCES scorer.rubric
);

-- The pointer that all replicas follow. No row: the built-in rubric. It may
-- name the built-in rubric, so there is no foreign key.
CREATE TABLE scorer.rubric_in_force (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  name text NOT NULL,
  version integer NOT NULL,
  change_time timestamptz NOT NULL DEFAULT now()
);

-- What was in force when the first row of a run was scored: a run is scored by
-- one rubric, whatever is pushed before its end.
CREATE TABLE scorer.run_rubric (
  run_id text PRIMARY KEY,
  name text NOT NULL,
  version integer NOT NULL,
  pin_time timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE scorer.score
  -- Metrics worse than the rubric's floor.
  ADD COLUMN failed text[] NOT NULL DEFAULT '{}',
  -- honest, harmless, helpful, those that the rubric has; NULL where a metric
  -- of the group has no value.
  ADD COLUMN group_names text[] NOT NULL DEFAULT '{}',
  ADD COLUMN group_values float8[] NOT NULL DEFAULT '{}',
  ADD CHECK (cardinality(group_values) = cardinality(group_names));

COMMIT;
