-- Deploy serving:access to pg
-- requires: serving

BEGIN;

SET LOCAL search_path TO serving;

-- token_mac: HMAC-SHA-256 of the token under a pepper that is not here.
CREATE TABLE access_keys (
  key_id text PRIMARY KEY,
  name text NOT NULL,
  role text NOT NULL
    CHECK (role IN ('reader', 'feedback', 'runner', 'publisher', 'admin')),
  prompts text[] NOT NULL,
  expire_time timestamptz,
  create_time timestamptz NOT NULL,
  revoke_time timestamptz,
  creator text NOT NULL,
  revoker text NOT NULL DEFAULT '',
  token_mac bytea NOT NULL CHECK (length(token_mac) = 32)
);
CREATE INDEX access_keys_newest ON access_keys (create_time, key_id);

-- Each line's hash is over the line before's: a line that is changed or gone
-- shows. Times have whole microseconds, as here.
CREATE TABLE audit_lines (
  sequence bigint PRIMARY KEY,
  call_id text NOT NULL,
  occur_time timestamptz NOT NULL,
  service text NOT NULL,
  method text NOT NULL,
  identity text NOT NULL,
  role text NOT NULL,
  prompt text NOT NULL,
  outcome text NOT NULL,
  details text NOT NULL,
  request_id text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_lines_of_prompt ON audit_lines (prompt, sequence)
  WHERE prompt <> '';
CREATE INDEX audit_lines_of_identity ON audit_lines (identity, sequence);

-- The last line: without it nobody would miss the end of the log.
CREATE TABLE audit_head (
  one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  sequence bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO audit_head (sequence, hash) VALUES (0, '');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever added to'
    USING ERRCODE = 'insufficient_privilege';
END
$$;
-- For the owner too, who could grant back what REVOKE takes.
CREATE TRIGGER audit_lines_stay BEFORE UPDATE OR DELETE OR TRUNCATE
  ON audit_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE
  ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON audit_lines FROM evalloop_serving, PUBLIC;
REVOKE DELETE, TRUNCATE ON audit_head FROM evalloop_serving, PUBLIC;

COMMIT;
