-- Deploy scorer:applies_to_tasks to pg
-- requires: applies_with_outcome

BEGIN;

ALTER TABLE scorer.rubric_term
  DROP CONSTRAINT rubric_term_applies_check,
  ADD CONSTRAINT rubric_term_applies_check CHECK (applies IN
    ('always', 'with_tests', 'without_tests', 'with_tests_and_outcome',
     'review', 'search'));

COMMIT;
