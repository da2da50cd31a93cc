-- Deploy serving:serving to pg
-- requires: evalloop_platform:delivery

BEGIN;

SELECT evalloop_platform.create_service('serving');

SET LOCAL search_path TO serving;

CREATE TABLE models (
  name text PRIMARY KEY,
  provider text NOT NULL CHECK (provider IN ('openai_compatible', 'embedded')),
  base_url text NOT NULL,
  model_id text NOT NULL,
  snapshot text NOT NULL,
  family text NOT NULL,
  cutoff_time timestamptz,
  input_price_micros bigint NOT NULL,
  output_price_micros bigint NOT NULL,
  fim_form text NOT NULL,
  token_probabilities boolean NOT NULL,
  key_file text NOT NULL,
  retired boolean NOT NULL DEFAULT false,
  retire_reason text NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL DEFAULT now()
);

-- One row a request of an editor. error = 'no_result' until its result comes.
CREATE TABLE completions (
  completion_id text PRIMARY KEY,
  prompt text NOT NULL,
  revision_version bigint NOT NULL,
  revision_digest text NOT NULL,
  model text NOT NULL,
  model_snapshot text NOT NULL,
  arm text NOT NULL,
  propensity double precision NOT NULL,
  repository text NOT NULL,
  path text NOT NULL,
  language text NOT NULL,
  commit text NOT NULL,
  line bigint NOT NULL,
  col bigint NOT NULL,
  user_name text NOT NULL,
  session text NOT NULL,
  raw_text text NOT NULL,
  -- One element a token; NULL where the model does not say.
  token_texts text[] NOT NULL,
  token_log_probabilities double precision[] NOT NULL,
  token_orders bigint[] NOT NULL,
  token_supports bigint[] NOT NULL,
  shown boolean NOT NULL,
  shown_text text NOT NULL,
  shown_probability double precision,
  hidden_reason text NOT NULL,
  prompt_tokens bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  cost_micros bigint NOT NULL,
  first_token_ms double precision,
  total_ms double precision NOT NULL,
  index_commit text NOT NULL,
  finish_reason text NOT NULL,
  serve_time timestamptz NOT NULL,
  typed_chars_before bigint NOT NULL,
  typed_tokens_before bigint NOT NULL,
  error text NOT NULL
);
CREATE INDEX completions_newest ON completions (serve_time, completion_id);
CREATE INDEX completions_of_prompt
  ON completions (prompt, serve_time, completion_id);
CREATE INDEX completions_of_session
  ON completions (session, serve_time, completion_id) WHERE session <> '';

-- Every different thing that an editor told of a completion. No foreign key:
-- feedback may come first.
CREATE TABLE feedback (
  event_id text PRIMARY KEY,
  completion_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN (
    'shown', 'accepted', 'rejected', 'dismissed', 'edited', 'typed')),
  text text,
  elapsed_ms double precision,
  give_time timestamptz NOT NULL
);
CREATE INDEX feedback_of_completion ON feedback (completion_id);

-- Where a completion and its feedback meet: the row is what both sides lock,
-- and settle_time is set once.
CREATE TABLE settlements (
  completion_id text PRIMARY KEY,
  feedback_event_id text,
  settle_time timestamptz
);

COMMIT;
