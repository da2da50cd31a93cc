-- Verify scorer:scores on pg

BEGIN;

SELECT subject, scorer_digest, score_time, composite, exact_match,
       edit_similarity, token_jaccard, bleu, chrf, rouge_l, identifier_f1,
       pearson, spearman, parses, missing_metrics, missing_reasons, typed_lines,
       typed_requests, typed_shown, typed_accepted, typed_chars,
       typed_accepted_chars, typed_rejected_chars
  FROM scorer.score WHERE false;

ROLLBACK;
