-- Deploy prompt_engine:mining to pg
-- requires: commits

BEGIN;

-- What was ingested before has none of this and can't be mined by it: it is read
-- from git again by the next call, under the same pseudonyms.
DELETE FROM prompt_engine.git_commit;

ALTER TABLE prompt_engine.git_commit
  ADD COLUMN kind smallint NOT NULL DEFAULT 0
    CHECK (kind BETWEEN 0 AND 2),  -- Own, a revert, a cherry-pick.
  ADD COLUMN is_merge boolean NOT NULL DEFAULT false,
  ADD COLUMN files_generated integer NOT NULL DEFAULT 0,
  ADD COLUMN renames integer NOT NULL DEFAULT 0,
  ADD COLUMN patch_id bigint NOT NULL DEFAULT 0,  -- 0: too small a change.
  ADD COLUMN inverse_patch_id bigint NOT NULL DEFAULT 0;

ALTER TABLE prompt_engine.changed_line
  ADD COLUMN moved boolean NOT NULL DEFAULT false;  -- Written elsewhere before.

-- Statements, blocks and bodies of which a commit added every line.
CREATE TABLE prompt_engine.code_piece (
  repository_id bigint NOT NULL,
  position integer NOT NULL,
  number integer NOT NULL,  -- Within the commit, by path and line.
  class smallint NOT NULL CHECK (class BETWEEN 2 AND 4),
  path text NOT NULL,
  language text NOT NULL,
  first_line integer NOT NULL,  -- In the new file, from 1.
  last_line integer NOT NULL,
  symbol text NOT NULL,  -- The function that it is or stands in.
  text text NOT NULL,
  indent text NOT NULL,  -- Before it on its first line.
  documented boolean NOT NULL,
  token_key bigint NOT NULL,
  context_key bigint NOT NULL,
  signature_key bigint NOT NULL,
  PRIMARY KEY (repository_id, position, number),
  FOREIGN KEY (repository_id, position)
    REFERENCES prompt_engine.git_commit (repository_id, position)
    ON DELETE CASCADE
);

-- Files in languages that we know, as each commit changed them.
CREATE TABLE prompt_engine.changed_file (
  repository_id bigint NOT NULL,
  position integer NOT NULL,
  path text NOT NULL,
  old_path text NOT NULL,  -- Of a renamed one; else empty.
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 3),
  added integer NOT NULL,
  removed integer NOT NULL,
  generated boolean NOT NULL,
  PRIMARY KEY (repository_id, position, path),
  FOREIGN KEY (repository_id, position)
    REFERENCES prompt_engine.git_commit (repository_id, position)
    ON DELETE CASCADE
);

CREATE INDEX changed_file_path
  ON prompt_engine.changed_file (repository_id, path);

-- The commit at which an added line went. No row: it stands.
CREATE TABLE prompt_engine.line_end (
  repository_id bigint NOT NULL,
  end_position integer NOT NULL,
  position integer NOT NULL,  -- Of changed_line, as the next two.
  path text NOT NULL,
  line integer NOT NULL,
  next_path text NOT NULL,  -- What was put in its place; else empty.
  next_line integer NOT NULL,
  PRIMARY KEY (repository_id, end_position, position, path, line),
  FOREIGN KEY (repository_id, end_position)
    REFERENCES prompt_engine.git_commit (repository_id, position)
    ON DELETE CASCADE
);
CREATE INDEX line_end_line
  ON prompt_engine.line_end (repository_id, position, path, line);

-- Who wrote each line of each file as the newest commit has it (Lineage).
CREATE TABLE prompt_engine.file_state (
  repository_id bigint NOT NULL
    REFERENCES prompt_engine.repository (id) ON DELETE CASCADE,
  path text NOT NULL,
  origins bytea NOT NULL,
  PRIMARY KEY (repository_id, path)
);

COMMIT;
