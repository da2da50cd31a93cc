const solve = async (x) => {
  await new Promise((done) => setImmediate(done));
  if (x === 0) throw new RangeError('zero');
  return [x];
};
// TESTS
async function check(candidate) {
  const assert = require('assert');
  assert.deepStrictEqual(await candidate(1), [1]);
  await assert.rejects(candidate(0), RangeError);
  assert.deepStrictEqual(await Promise.all([candidate(2), candidate(3)]),
      [[2], [3]]);
}
