-- Verify evaluator:benchmark_life on pg

BEGIN;

SELECT holdout, holdout_share, classes, tasks, rotated_from
FROM evaluator.benchmarks WHERE false;
SELECT task, end_line, symbol, canary, explanation, criteria, holdout,
       variant_commits, variant_times, variant_authorship,
       variant_survival_days, variant_alive, variant_levels,
       variant_centralities
FROM evaluator.items WHERE false;
SELECT benchmark, item_id, last_version, archived_in, archive_time
FROM evaluator.archived_items WHERE false;
SELECT model, snapshot, cutoff_time FROM evaluator.models WHERE false;
SELECT run_id, item_id FROM evaluator.outdated_items WHERE false;
SELECT benchmark, benchmark_version, dimension, name, items
FROM evaluator.benchmark_mix WHERE false;

ROLLBACK;
