-- Revert serving:access from pg

BEGIN;

DROP TABLE serving.audit_lines;
DROP TABLE serving.audit_head;
DROP TABLE serving.access_keys;
DROP FUNCTION serving.refuse_change();

COMMIT;
