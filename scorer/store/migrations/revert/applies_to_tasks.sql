-- Revert scorer:applies_to_tasks from pg

BEGIN;

ALTER TABLE scorer.rubric_term
  DROP CONSTRAINT rubric_term_applies_check,
  ADD CONSTRAINT rubric_term_applies_check CHECK (applies IN
    ('always', 'with_tests', 'without_tests', 'with_tests_and_outcome'));

COMMIT;
