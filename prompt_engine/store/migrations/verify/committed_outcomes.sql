-- Verify prompt_engine:committed_outcomes on pg

BEGIN;

SELECT completion_id, stage, version, due_at, next_position, next_look,
       base_unknown, kind, commit, text, similarity, alive_7_days,
       alive_30_days, rank, centrality
FROM prompt_engine.committed_outcome WHERE false;
SELECT completion_id, scorer_digest, scored_at, composite, metric_names,
       metric_values, metric_reasons
FROM prompt_engine.live_score WHERE false;

ROLLBACK;
