-- Verify scorer:outcomes on pg

BEGIN;

SELECT accepted, task FROM scorer.score WHERE false;

ROLLBACK;
