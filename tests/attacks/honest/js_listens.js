process.on('exit', () => console.log('bye'));
process.on('uncaughtException', (error) => console.error(error));
process.on('SIGTERM', () => {});
setInterval(() => {}, 1000);
console.log('x'.repeat(100000));
const solve = (x) => {
  console.error(`called with ${x}`);
  return x + 1;
};
// CALLS
// [1] -> 2
// [-1] -> 0
