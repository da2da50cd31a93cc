-- Verify scorer:scores on pg

BEGIN;

-- Its columns of metrics went with metric_lists.
SELECT subject, scorer_digest, score_time, composite, typed_lines,
       typed_requests, typed_shown, typed_accepted, typed_chars,
       typed_accepted_chars, typed_rejected_chars
  FROM scorer.score WHERE false;

ROLLBACK;
