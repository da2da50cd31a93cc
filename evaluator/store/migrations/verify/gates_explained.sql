-- Verify evaluator:gates_explained on pg

BEGIN;

SELECT subset, subset_digest, deterministic FROM evaluator.runs WHERE false;
SELECT reported_model, system_fingerprint FROM evaluator.run_rows WHERE false;
SELECT item_ids, revisions FROM evaluator.smoke_subsets WHERE false;
SELECT on_inconclusive, rows_decide, looks, samples, retried,
       candidate_confirm, baseline_confirm, warns, override_time, content
FROM evaluator.gates WHERE false;
SELECT category_tolerance, category_names FROM evaluator.gate_tolerances
WHERE false;
SELECT dimension, category FROM evaluator.gate_findings WHERE false;
SELECT act, item_id, reason, author FROM evaluator.gate_acts WHERE false;
SELECT metric, floor, differences FROM evaluator.noise_floors WHERE false;

ROLLBACK;
