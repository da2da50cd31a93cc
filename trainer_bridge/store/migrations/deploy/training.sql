-- Training sets, jobs and model versions.

BEGIN;

SELECT evalloop_platform.create_service('trainer_bridge');
SET LOCAL search_path TO trainer_bridge;

CREATE TABLE training_sets (
    training_set_id  text        PRIMARY KEY,
    repository       text        NOT NULL,
    commit           text        NOT NULL,
    files            bigint      NOT NULL,
    bytes            bigint      NOT NULL,
    left_out_reasons text[]      NOT NULL,
    left_out_files   bigint[]    NOT NULL,
    digest           text        NOT NULL,
    create_time      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE training_jobs (
    job_id            text        PRIMARY KEY,
    training_set_id   text        NOT NULL REFERENCES training_sets,
    launcher          text        NOT NULL,
    gate_prompt       text,
    gate_benchmark    text,
    gate_benchmark_version integer,
    gate_promote      boolean,
    state             text        NOT NULL,
    progress          text        NOT NULL DEFAULT '',
    share_done        float8      NOT NULL DEFAULT 0,
    model_digest      text        NOT NULL DEFAULT '',
    error             text        NOT NULL DEFAULT '',
    decision          bytea,
    author            text        NOT NULL,
    request_id        text        NOT NULL UNIQUE,
    create_time       timestamptz NOT NULL DEFAULT now(),
    finish_time       timestamptz
);
CREATE INDEX training_jobs_open ON training_jobs (create_time)
    WHERE finish_time IS NULL;

CREATE TABLE model_versions (
    digest          text        PRIMARY KEY,
    model           text        NOT NULL,
    training_set_id text        NOT NULL REFERENCES training_sets,
    job_id          text        NOT NULL REFERENCES training_jobs,
    parent_digest   text        NOT NULL,
    commit          text        NOT NULL,
    tokens          bigint      NOT NULL,
    bytes           bigint      NOT NULL,
    held_out_loss   float8,
    trainer         text        NOT NULL,
    create_time     timestamptz NOT NULL,
    in_production   boolean     NOT NULL DEFAULT false
);

COMMIT;
