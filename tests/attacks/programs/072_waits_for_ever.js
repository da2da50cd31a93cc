// class: 72 JavaScript candidates
// tries: sleeps without using time
// sees: late
// defended: wall time is bounded
// form: calls script
// weak: naive js_exit
function solve(x) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
