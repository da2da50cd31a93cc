const later = (value) => new Promise((done) => setTimeout(() => done(value), 5));
async function solve(x) {
  const parts = await Promise.all([later(x), later(2 * x)]);
  return parts.reduce((a, b) => a + b, 0);
}
// CALLS
// [1] -> 3
// [10] -> 30
