-- Revert scorer:rubrics from pg

BEGIN;

ALTER TABLE scorer.score
  DROP COLUMN failed,
  DROP COLUMN group_names,
  DROP COLUMN group_values;
DROP TABLE scorer.run_rubric;
DROP TABLE scorer.rubric_in_force;
DROP TABLE scorer.rubric_term;
DROP TABLE scorer.rubric;

COMMIT;
