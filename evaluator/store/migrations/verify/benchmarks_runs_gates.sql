SELECT 1 / count(*) FROM information_schema.tables
WHERE table_schema = 'evaluator' AND table_name = 'run_rows';
SELECT decision_id FROM evaluator.decisions WHERE false;
