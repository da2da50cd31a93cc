-- Deploy evaluator:benchmark_life to pg
-- requires: queries

BEGIN;

SET LOCAL search_path TO evaluator;

ALTER TABLE benchmarks
  -- Of `items`.
  ADD COLUMN holdout integer NOT NULL DEFAULT 0,
  -- How it was mined, so that a rotation mines alike.
  ADD COLUMN holdout_share float8 NOT NULL DEFAULT 0
    CHECK (holdout_share BETWEEN 0 AND 0.5),
  ADD COLUMN classes text[] NOT NULL DEFAULT '{}',
  ADD COLUMN tasks text[] NOT NULL DEFAULT '{}',
  -- A version; 0: none.
  ADD COLUMN rotated_from integer NOT NULL DEFAULT 0;

ALTER TABLE items
  ADD COLUMN task text NOT NULL DEFAULT 'completion'
    CHECK (task IN ('completion', 'generation', 'review', 'search')),
  ADD COLUMN end_line integer NOT NULL DEFAULT 0,
  ADD COLUMN symbol text NOT NULL DEFAULT '',
  ADD COLUMN canary text NOT NULL DEFAULT '',
  ADD COLUMN explanation text NOT NULL DEFAULT '',
  ADD COLUMN criteria text[] NOT NULL DEFAULT '{}',
  -- Only runs of the holdout subset ask for it.
  ADD COLUMN holdout boolean NOT NULL DEFAULT false,
  -- One element a variant, as variant_texts; empty: from before they were kept.
  ADD COLUMN variant_commits text[] NOT NULL DEFAULT '{}',
  ADD COLUMN variant_times timestamptz[] NOT NULL DEFAULT '{}',
  ADD COLUMN variant_authorship float8[] NOT NULL DEFAULT '{}',
  ADD COLUMN variant_survival_days float8[] NOT NULL DEFAULT '{}',
  ADD COLUMN variant_alive boolean[] NOT NULL DEFAULT '{}',
  ADD COLUMN variant_levels text[] NOT NULL DEFAULT '{}',
  ADD COLUMN variant_centralities float8[] NOT NULL DEFAULT '{}';

-- Items that a rotation left behind: they stay in the last version that asked
-- for them, and no later one has a copy.
CREATE TABLE archived_items (
  benchmark    text        NOT NULL,
  item_id      text        NOT NULL,
  last_version integer     NOT NULL,
  archived_in  integer     NOT NULL CHECK (archived_in > last_version),
  archive_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (benchmark, item_id, last_version),
  FOREIGN KEY (benchmark, last_version, item_id)
    REFERENCES items (benchmark, benchmark_version, item_id),
  FOREIGN KEY (benchmark, archived_in) REFERENCES benchmarks (name, version)
);

ALTER TABLE runs
  DROP CONSTRAINT runs_subset_check,
  ADD CONSTRAINT runs_subset_check
    CHECK (subset IN ('full', 'smoke', 'rows', 'holdout'));

-- Where models' training data ends, by serving's registry. NULL: not known.
CREATE TABLE models (
  model         text        NOT NULL,
  snapshot      text        NOT NULL,
  cutoff_time   timestamptz,
  register_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, snapshot)
);

-- Items that a run's model may have been trained on: no figure counts their
-- rows. Those without a date (the epoch) are none of them.
CREATE VIEW outdated_items AS
SELECT r.run_id, i.item_id, i.author_time, m.cutoff_time
FROM runs r
  JOIN models m ON m.model = r.model AND m.snapshot = r.model_snapshot
  JOIN items i ON i.benchmark = r.benchmark
    AND i.benchmark_version = r.benchmark_version
WHERE i.author_time > 'epoch' AND i.author_time <= m.cutoff_time;

-- What a benchmark version is made of.
CREATE VIEW benchmark_mix AS
SELECT i.benchmark, i.benchmark_version, d.dimension, d.name,
       count(*)::integer AS items
FROM items i
  CROSS JOIN LATERAL (
    VALUES ('task', i.task), ('class', i.item_class),
           ('language', i.language),
           ('seen', CASE WHEN i.seen THEN 'seen' ELSE 'unseen' END)
    UNION ALL
    SELECT DISTINCT 'tag', t.tag FROM unnest(i.tags) AS t (tag)
  ) AS d (dimension, name)
WHERE d.name <> ''
GROUP BY i.benchmark, i.benchmark_version, d.dimension, d.name;

COMMIT;
