-- Verify scorer:rubrics on pg

BEGIN;

SELECT name, version, terms_digest, description, author, create_time
  FROM scorer.rubric WHERE false;
SELECT name, version, position, metric, weight, floor, term_group, applies,
       best, worst
  FROM scorer.rubric_term WHERE false;
SELECT name, version, change_time FROM scorer.rubric_in_force WHERE false;
SELECT run_id, name, version, pin_time FROM scorer.run_rubric WHERE false;
SELECT failed, group_names, group_values FROM scorer.score WHERE false;

ROLLBACK;
