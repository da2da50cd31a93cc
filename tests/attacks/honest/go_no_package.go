import "math"

func solve(x float64) (root float64, err error) {
	return math.Sqrt(x), nil
}

// CALLS
// [4] -> 2.0
// [2.25] -> 1.5
// [-1.0] -> NaN
