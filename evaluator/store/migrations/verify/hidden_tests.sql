-- Verify evaluator:hidden_tests on pg

BEGIN;

SELECT tests, entry_point FROM evaluator.items WHERE false;
SELECT item_id, reason FROM evaluator.quarantine WHERE false;
SELECT alarm FROM evaluator.gate_findings WHERE false;
SELECT finding_lines FROM evaluator.run_rows WHERE false;

ROLLBACK;
