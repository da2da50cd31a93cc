-- Verify serving:access on pg

BEGIN;

SELECT key_id, token_mac FROM serving.access_keys WHERE false;
SELECT sequence, hash FROM serving.audit_lines WHERE false;
SELECT 1 / count(*) FROM serving.audit_head;

ROLLBACK;
