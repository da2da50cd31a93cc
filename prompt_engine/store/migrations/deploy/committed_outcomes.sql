-- Deploy prompt_engine:committed_outcomes to pg
-- requires: commits
-- requires: outcomes

BEGIN;

-- Served completions are kept too, whether an editor tells of them or not.
ALTER TABLE prompt_engine.outcome
  ALTER COLUMN settled_at DROP NOT NULL,  -- NULL: nobody told (yet); kind is 0.
  ADD CONSTRAINT outcome_told CHECK ((settled_at IS NULL) = (kind = 0));

-- What was committed where a completion was offered, and how far history has
-- been searched for it.
CREATE TABLE prompt_engine.committed_outcome (
  completion_id text PRIMARY KEY
    REFERENCES prompt_engine.outcome (completion_id) ON DELETE CASCADE,
  repository text NOT NULL,
  -- 0 waiting for its base commit, 1 searching, 2 standing, 3 closed. The
  -- outcome is known from 2 on; before, kind to similarity are what will be
  -- said if nothing more comes.
  stage smallint NOT NULL DEFAULT 0 CHECK (stage BETWEEN 0 AND 3),
  version bigint NOT NULL DEFAULT 0,  -- Rises with each step.
  due_at timestamptz NOT NULL,  -- Not looked at before.
  next_position integer NOT NULL DEFAULT 0,  -- First commit not looked at.
  next_look timestamptz NOT NULL DEFAULT '-infinity',  -- In commits' time.
  seen_commit text NOT NULL DEFAULT '',
  first_position integer NOT NULL DEFAULT 0,  -- Of the base's first child.
  first_at timestamptz,
  base_unknown boolean NOT NULL DEFAULT false,
  -- Where it would stand, or stands, in the last commit looked at.
  place_path text NOT NULL,
  place_line integer NOT NULL,
  place_end_line integer NOT NULL DEFAULT 0,
  standing_text text NOT NULL DEFAULT '',
  gone boolean NOT NULL DEFAULT false,
  kind smallint CHECK (kind BETWEEN 1 AND 3),  -- Kept, edited, dropped.
  commit text,  -- Empty: nothing was committed there in time.
  committed_at timestamptz,
  path text,
  line integer,
  end_line integer,
  text text,  -- From the cursor to the line's end.
  similarity float8 CHECK (similarity BETWEEN 0 AND 1),
  alive_7_days boolean,  -- NULL: history is not that old.
  alive_30_days boolean,
  -- Among the developers' variants: 1 better than the median one, 2 like it,
  -- 3 worse. NULL: not known, or fewer than two developers wrote it.
  rank smallint CHECK (rank BETWEEN 1 AND 3),
  variants integer,
  at_least_as_good float8 CHECK (at_least_as_good BETWEEN 0 AND 1),
  centrality float8,
  median_centrality float8,
  CHECK (num_nulls(kind, commit, path, line, end_line, text, similarity)
         IN (0, 7)),
  CHECK (stage < 2 OR kind IS NOT NULL),
  CHECK (num_nulls(rank, variants, at_least_as_good, centrality,
                   median_centrality) IN (0, 5))
);
CREATE INDEX committed_outcome_searching
  ON prompt_engine.committed_outcome (repository, next_position)
  WHERE stage < 2;
CREATE INDEX committed_outcome_standing
  ON prompt_engine.committed_outcome (repository, next_look) WHERE stage = 2;
-- The order of the history below it.
CREATE INDEX git_commit_parent
  ON prompt_engine.git_commit (repository_id, parent);

INSERT INTO prompt_engine.committed_outcome
  (completion_id, repository, due_at, place_path, place_line)
SELECT completion_id, repository, settled_at, path, line
FROM prompt_engine.outcome
WHERE repository <> '' AND path <> '' AND commit <> '' AND line > 0
  AND btrim(CASE WHEN shown THEN shown_text ELSE split_part(raw_text, E'\n', 1)
            END, E' \t\v\f\r\n') <> '';

-- A completion as scorer rated it when its outcome was known; the digest is the
-- one that runs are scored by.
CREATE TABLE prompt_engine.live_score (
  completion_id text PRIMARY KEY
    REFERENCES prompt_engine.outcome (completion_id) ON DELETE CASCADE,
  scorer_digest text NOT NULL,
  scored_at timestamptz NOT NULL,
  composite float8,
  metric_names text[] NOT NULL,
  metric_values float8[] NOT NULL,  -- NULL: the reason says why.
  metric_reasons text[] NOT NULL
);

COMMIT;
