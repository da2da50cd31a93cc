// class: 72 JavaScript candidates
// tries: answers with more than a harness can hold
// sees: passed dirty late
// defended: an answer is bounded
// form: calls script
// weak: none: the naive harnesses compare in the candidate's own process
function solve(x) { return 'a'.repeat(200 * 1000 * 1000); }
