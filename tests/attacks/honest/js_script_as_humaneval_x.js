const solve = (numbers, threshold) => {
  for (let i = 0; i < numbers.length; i++) {
    for (let j = 0; j < numbers.length; j++) {
      if (i != j && Math.abs(numbers[i] - numbers[j]) < threshold) return true;
    }
  }
  return false;
}
// TESTS
const testSolve = () => {
  console.assert(solve([1.0, 2.0, 3.9, 4.0, 5.0, 2.2], 0.3) === true)
  console.assert(
    solve([1.0, 2.0, 3.9, 4.0, 5.0, 2.2], 0.05) === false
  )
}

testSolve()
