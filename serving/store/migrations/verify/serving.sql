-- Verify serving:serving on pg

BEGIN;

SELECT name, retired FROM serving.models WHERE false;
SELECT completion_id, token_texts FROM serving.completions WHERE false;
SELECT event_id, completion_id FROM serving.feedback WHERE false;
SELECT completion_id, settle_time FROM serving.settlements WHERE false;
SELECT event_id FROM serving.outbox WHERE false;

ROLLBACK;
