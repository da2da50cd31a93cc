const solve = (n) => n === 0 ? 0 : 1 + solve(n - 1);
// CALLS
// [5000] -> 5000
