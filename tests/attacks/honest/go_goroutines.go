package solution

import (
	"os"
	"strings"
	"sync"
	"text/tabwriter"
)

var calls int

func init() { calls = 10 }

func solve(n int) []int {
	defer func() { recover() }()
	calls++
	results := make([]int, n)
	var wait sync.WaitGroup
	for i := range results {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			results[i] = i*i + calls
		}(i)
	}
	wait.Wait()
	tabwriter.NewWriter(os.Stdout, 0, 8, 0, ' ', 0).Write([]byte(strings.Repeat("x", 100)))
	return results
}

// CALLS
// [3] -> [11, 12, 15]
// [0] -> []
// [1] -> [13]
