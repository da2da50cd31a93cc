-- Revert evaluator:queries from pg

BEGIN;

SET LOCAL search_path TO evaluator;

DROP INDEX items_by_tag;
DROP INDEX gates_by_prompt;
DROP INDEX runs_by_model;
DROP INDEX runs_by_benchmark;
DROP INDEX benchmarks_newest;
DROP INDEX gates_newest;
DROP INDEX decisions_newest;
CREATE INDEX decisions_newest ON decisions (decide_time DESC, decision_id);
DROP INDEX runs_newest;
CREATE INDEX runs_newest ON runs (start_time DESC, run_id);
DROP FUNCTION metric_value(text[], float8[], float8, bigint[], text);
DROP FUNCTION metric_parts(text[], float8[], float8, bigint[]);

COMMIT;
