-- Deploy prompt_engine:library to pg
-- requires: evalloop_platform:delivery

BEGIN;

SELECT evalloop_platform.create_service('prompt_engine');

CREATE TABLE prompt_engine.prompt (
  name text PRIMARY KEY,
  latest_version integer NOT NULL DEFAULT 0 CHECK (latest_version >= 0),
  created_at timestamptz NOT NULL
);

-- Immutable but for the four columns of its publication.
CREATE TABLE prompt_engine.revision (
  prompt text NOT NULL REFERENCES prompt_engine.prompt (name),
  version integer NOT NULL CHECK (version > 0),
  digest text NOT NULL,
  content bytea NOT NULL,  -- evalloop.v1.RevisionContent; the digest is of it.
  content_json jsonb NOT NULL,  -- The same, for people.
  message text NOT NULL,
  author text NOT NULL,
  parent_version integer NOT NULL,
  request_id text,
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  gate_id text,
  verdict smallint,
  override_reason text,
  PRIMARY KEY (prompt, version),
  UNIQUE (prompt, digest)
);
CREATE INDEX revision_digest ON prompt_engine.revision (digest);
CREATE INDEX revision_request ON prompt_engine.revision (prompt, request_id)
  WHERE request_id IS NOT NULL;

CREATE TABLE prompt_engine.label (
  prompt text NOT NULL,
  label text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  protected boolean NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (prompt, label),
  FOREIGN KEY (prompt, version)
    REFERENCES prompt_engine.revision (prompt, version)
);

CREATE TABLE prompt_engine.history (
  id bigserial PRIMARY KEY,
  prompt text NOT NULL REFERENCES prompt_engine.prompt (name),
  at timestamptz NOT NULL,
  act text NOT NULL,
  label text NOT NULL,
  from_version integer NOT NULL,
  to_version integer NOT NULL,
  author text NOT NULL,
  reason text NOT NULL
);
CREATE INDEX history_prompt ON prompt_engine.history (prompt, id);

COMMIT;
