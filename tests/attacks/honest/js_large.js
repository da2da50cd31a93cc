const solve = (n) => Array.from({length: n}, (_, i) => i % 7).join('').length;
// CALLS
// [2000000] -> 2000000
