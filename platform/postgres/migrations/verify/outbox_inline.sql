-- Verify evalloop_platform:outbox_inline on pg

BEGIN;

SELECT 'evalloop_platform.keep_outbox_inline(text)'::regprocedure;

ROLLBACK;
