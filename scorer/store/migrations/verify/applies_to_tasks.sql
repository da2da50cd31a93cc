-- Verify scorer:applies_to_tasks on pg

BEGIN;

SELECT 1 / count(*) FROM pg_constraint
WHERE conname = 'rubric_term_applies_check'
  AND pg_get_constraintdef(oid) LIKE '%search%';

ROLLBACK;
