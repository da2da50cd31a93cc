-- Deploy evaluator:queries to pg
-- requires: attempts

BEGIN;

SET LOCAL search_path TO evaluator;

-- What a row adds to each metric that it has: numerator and denominator of a
-- ratio of sums. A value counts once; the figures of typing (acceptance,
-- completed_chars, rejected_chars per 400 lines) are ratios of the tally, which
-- holds lines, requests, shown, accepted, typed, accepted and rejected
-- characters.
CREATE FUNCTION metric_parts(metrics text[], metric_values float8[],
                             composite float8, tally bigint[])
RETURNS TABLE (metric text, numerator float8, denominator float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT m.metric, m.value, 1::float8
  FROM unnest(metrics, metric_values) AS m (metric, value)
  WHERE m.value IS NOT NULL
  UNION ALL
  SELECT 'composite', composite, 1 WHERE composite IS NOT NULL
  UNION ALL
  SELECT typed.metric, typed.numerator, typed.denominator
  FROM (VALUES
    ('acceptance', tally[4]::float8, tally[3]::float8),
    ('completed_chars', tally[6]::float8, (tally[5] + tally[6])::float8),
    ('rejected_chars', 400 * tally[7]::float8, tally[1]::float8)
  ) AS typed (metric, numerator, denominator)
  WHERE tally IS NOT NULL
$$;

-- A row's own value of one metric; NULL where it has none.
CREATE FUNCTION metric_value(metrics text[], metric_values float8[],
                             composite float8, tally bigint[], wanted text)
RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE wanted
    WHEN 'composite' THEN composite
    WHEN 'acceptance' THEN tally[4]::float8 / nullif(tally[3], 0)
    WHEN 'completed_chars' THEN
      tally[6]::float8 / nullif(tally[5] + tally[6], 0)
    WHEN 'rejected_chars' THEN 400 * tally[7]::float8 / nullif(tally[1], 0)
    ELSE metric_values[array_position(metrics, wanted)]
  END
$$;

-- Lists go both ways along these, newest first unless asked otherwise.
DROP INDEX runs_newest;
CREATE INDEX runs_newest ON runs (start_time, run_id);
DROP INDEX decisions_newest;
CREATE INDEX decisions_newest ON decisions (decide_time, decision_id);
CREATE INDEX gates_newest ON gates (start_time, gate_id);
CREATE INDEX benchmarks_newest ON benchmarks (create_time);

-- What filters of runs and of rows over many runs name most.
CREATE INDEX runs_by_benchmark ON runs (benchmark, start_time);
CREATE INDEX runs_by_model ON runs (model, start_time);
CREATE INDEX gates_by_prompt ON gates (prompt, start_time);
CREATE INDEX items_by_tag ON items USING gin (tags);

COMMIT;
