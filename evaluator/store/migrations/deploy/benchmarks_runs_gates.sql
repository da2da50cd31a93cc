-- Benchmarks, items, runs, rows, gates and the loop's decisions.

BEGIN;

SELECT evalloop_platform.create_service('evaluator');
SET LOCAL search_path TO evaluator;

CREATE TABLE benchmarks (
    name         text        NOT NULL,
    version      integer     NOT NULL CHECK (version > 0),
    repository   text        NOT NULL,
    after_commit text        NOT NULL,
    until_commit text        NOT NULL,
    items        integer     NOT NULL,
    agreed       integer     NOT NULL,
    contested    integer     NOT NULL,
    digest       text        NOT NULL,
    changelog    text        NOT NULL,
    create_time  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, version)
);

-- An item belongs to its benchmark version: another window may have found
-- other variants for the same place.
CREATE TABLE items (
    benchmark         text        NOT NULL,
    benchmark_version integer     NOT NULL,
    ordinal           integer     NOT NULL,
    item_id           text        NOT NULL,
    repository        text        NOT NULL,
    path              text        NOT NULL,
    language          text        NOT NULL,
    commit            text        NOT NULL,
    parent            text        NOT NULL,
    line              integer     NOT NULL,
    prefix            text        NOT NULL,
    suffix            text        NOT NULL,
    agreed            text        NOT NULL,
    committed         text        NOT NULL,
    variant_texts     text[]      NOT NULL,
    variant_authors   text[]      NOT NULL,
    variant_weights   float8[]    NOT NULL,
    agreement         float8,
    contested         boolean     NOT NULL,
    seen              boolean     NOT NULL,
    item_class        text        NOT NULL,
    tags              text[]      NOT NULL,
    author            text        NOT NULL,
    author_time       timestamptz NOT NULL,
    PRIMARY KEY (benchmark, benchmark_version, item_id),
    UNIQUE (benchmark, benchmark_version, ordinal),
    FOREIGN KEY (benchmark, benchmark_version)
        REFERENCES benchmarks (name, version)
);
CREATE INDEX items_by_id ON items (item_id);

CREATE TABLE runs (
    run_id            text        PRIMARY KEY,
    prompt            text        NOT NULL,
    revision_version  integer     NOT NULL,
    revision_digest   text        NOT NULL,
    revision_content  bytea       NOT NULL,
    model             text        NOT NULL,
    model_snapshot    text        NOT NULL,
    benchmark         text        NOT NULL,
    benchmark_version integer     NOT NULL,
    mode              text        NOT NULL CHECK (mode IN ('once', 'typed')),
    samples           integer     NOT NULL,
    scorer_digest     text        NOT NULL DEFAULT '',
    index_commit      text        NOT NULL,
    state             text        NOT NULL
        CHECK (state IN ('running', 'finished', 'cancelled')),
    rows              bigint      NOT NULL,
    author            text        NOT NULL,
    request_id        text        NOT NULL UNIQUE,
    start_time        timestamptz NOT NULL,
    finish_time       timestamptz,
    FOREIGN KEY (benchmark, benchmark_version)
        REFERENCES benchmarks (name, version)
);
CREATE INDEX runs_newest ON runs (start_time DESC, run_id);

CREATE TABLE run_rows (
    run_id               text     NOT NULL REFERENCES runs (run_id),
    item_id              text     NOT NULL,
    sample               integer  NOT NULL,
    state                text     NOT NULL DEFAULT 'asked'
        CHECK (state IN ('asked', 'scored', 'failed')),
    commit               text     NOT NULL,
    raw_text             text,
    shown                boolean,
    shown_text           text,
    metrics              text[],
    metric_values        float8[],
    metric_reasons       text[],
    composite            float8,
    -- lines, requests, shown, accepted, typed, accepted and rejected characters
    tally                bigint[],
    infrastructure_error text,
    cost_micros          bigint   NOT NULL DEFAULT 0,
    total_ms             float8,
    first_token_ms       float8,
    index_commit         text,
    score_time           timestamptz,
    PRIMARY KEY (run_id, item_id, sample)
);

CREATE TABLE gates (
    gate_id           text        PRIMARY KEY,
    prompt            text        NOT NULL,
    candidate_version integer     NOT NULL,
    baseline_version  integer     NOT NULL,
    candidate_run     text        NOT NULL REFERENCES runs (run_id),
    baseline_run      text        NOT NULL REFERENCES runs (run_id),
    min_pairs         bigint      NOT NULL,
    verdict           text        NOT NULL DEFAULT 'undecided',
    minimum_detectable_effect float8,
    override_reason   text        NOT NULL DEFAULT '',
    override_author   text        NOT NULL DEFAULT '',
    author            text        NOT NULL,
    request_id        text        NOT NULL UNIQUE,
    start_time        timestamptz NOT NULL,
    decide_time       timestamptz
);
CREATE INDEX gates_undecided ON gates (start_time) WHERE verdict = 'undecided';

CREATE TABLE gate_tolerances (
    gate_id             text    NOT NULL REFERENCES gates (gate_id),
    ordinal             integer NOT NULL,
    metric              text    NOT NULL,
    row_tolerance       float8,
    max_regressed_share float8  NOT NULL,
    average_tolerance   float8,
    required_gain       float8,
    threshold           float8,
    PRIMARY KEY (gate_id, ordinal)
);

CREATE TABLE gate_findings (
    gate_id text    NOT NULL REFERENCES gates (gate_id),
    ordinal integer NOT NULL,
    metric  text    NOT NULL,
    demand  text    NOT NULL,
    verdict text    NOT NULL,
    detail  text    NOT NULL,
    PRIMARY KEY (gate_id, ordinal)
);

CREATE TABLE turns (
    request_id         text        PRIMARY KEY,
    prompt             text        NOT NULL,
    production_version integer     NOT NULL,
    start_time         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE decisions (
    decision_id  text        PRIMARY KEY,
    prompt       text        NOT NULL,
    kind         text        NOT NULL,
    from_version integer     NOT NULL,
    to_version   integer     NOT NULL,
    verdict      text        NOT NULL,
    applied      boolean     NOT NULL,
    reason       text        NOT NULL,
    gain         float8      NOT NULL,
    gain_lower   float8,
    gain_upper   float8,
    gain_metric  text        NOT NULL,
    gate_id      text        NOT NULL,
    decide_time  timestamptz NOT NULL
);
CREATE INDEX decisions_newest ON decisions (decide_time DESC, decision_id);

-- One line a metric, for people with psql.
CREATE VIEW row_metrics AS
SELECT run_id, item_id, sample, metric, value, nullif(reason, '') AS reason
FROM run_rows,
     unnest(metrics, metric_values, metric_reasons)
         AS m (metric, value, reason);

COMMIT;
