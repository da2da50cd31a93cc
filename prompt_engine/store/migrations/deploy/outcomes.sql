-- Deploy prompt_engine:outcomes to pg
-- requires: library

BEGIN;

-- What became of a completion. Token by token only what learning needs: where
-- each ends in raw_text, and what the model told of it.
CREATE TABLE prompt_engine.outcome (
  completion_id text PRIMARY KEY,
  prompt text NOT NULL,
  revision_version integer NOT NULL,
  model text NOT NULL,
  session text NOT NULL,
  repository text NOT NULL,
  path text NOT NULL,
  language text NOT NULL,
  commit text NOT NULL,
  line integer NOT NULL,
  "column" integer NOT NULL,
  typed_tokens integer NOT NULL,
  typed_chars integer NOT NULL,
  raw_text text NOT NULL,
  token_ends integer[] NOT NULL,
  log_probabilities real[] NOT NULL,
  orders integer[] NOT NULL,  -- -1: the model didn't say.
  supports bigint[] NOT NULL,  -- -1: the model didn't say.
  shown boolean NOT NULL,
  shown_text text NOT NULL,
  kind smallint NOT NULL,  -- evalloop.v1.FeedbackGiven.Kind
  text text,  -- What stood from the cursor to the line's end. NULL: not told.
  served_at timestamptz NOT NULL,
  settled_at timestamptz NOT NULL
);
CREATE INDEX outcome_session ON prompt_engine.outcome (session, served_at);
CREATE INDEX outcome_prompt ON prompt_engine.outcome (prompt, served_at);

COMMIT;
