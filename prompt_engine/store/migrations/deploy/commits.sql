-- Deploy prompt_engine:commits to pg
-- requires: library

BEGIN;

-- One first-parent line of one git repository.
CREATE TABLE prompt_engine.repository (
  id bigserial PRIMARY KEY,
  repository text NOT NULL UNIQUE,  -- Path, as given.
  author_key bytea NOT NULL,  -- Authors' pseudonyms are made with it.
  ingested_at timestamptz NOT NULL
);

CREATE TABLE prompt_engine.git_commit (
  repository_id bigint NOT NULL
    REFERENCES prompt_engine.repository (id) ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),  -- 0: the root.
  sha text NOT NULL,
  parent text NOT NULL,
  author text NOT NULL,  -- A pseudonym.
  authored_at timestamptz NOT NULL,
  committed_at timestamptz NOT NULL,
  counted_lines integer NOT NULL,
  files integer NOT NULL,
  files_skipped integer NOT NULL,
  PRIMARY KEY (repository_id, position),
  UNIQUE (repository_id, sha)
);

-- The code that a commit added, line by line. What stood around a line is read
-- from git when it is needed.
CREATE TABLE prompt_engine.changed_line (
  repository_id bigint NOT NULL,
  position integer NOT NULL,
  path text NOT NULL,
  line integer NOT NULL,  -- In the new file, from 1.
  language text NOT NULL,
  text text NOT NULL,  -- From the first token on, without the line end.
  tokens integer NOT NULL,
  counted boolean NOT NULL,  -- By the acceptance rule.
  token_key bigint NOT NULL,  -- Hash of its tokens.
  context_key bigint NOT NULL,  -- Hash of path and the two lines above.
  PRIMARY KEY (repository_id, position, path, line),
  FOREIGN KEY (repository_id, position)
    REFERENCES prompt_engine.git_commit (repository_id, position)
    ON DELETE CASCADE
);
CREATE INDEX changed_line_context
  ON prompt_engine.changed_line (repository_id, context_key) WHERE counted;

COMMIT;
