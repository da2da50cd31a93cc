package main

func any(values []int) bool { return len(values) > 0 }

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func solve(values []int) map[string]int {
	if !any(values) {
		return nil
	}
	return map[string]int{"least": min(values[0], values[len(values)-1])}
}

// CALLS
// [[3, 1]] -> {"least": 1}
// [[]] -> {}
