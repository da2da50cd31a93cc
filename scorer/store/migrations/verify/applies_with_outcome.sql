-- Verify scorer:applies_with_outcome on pg

BEGIN;

SELECT 1 / count(*) FROM pg_constraint
WHERE conname = 'rubric_term_applies_check'
  AND pg_get_constraintdef(oid) LIKE '%with_tests_and_outcome%';

ROLLBACK;
