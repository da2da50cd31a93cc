package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type pair[T any] struct {
	First, Second T
}

func (p pair[T]) String() string { return fmt.Sprint(p.First, p.Second) }

func solve(names map[int]string, grid [][]rune, maybe *float64, any_ interface{}, p pair[uint8], rest ...int) (pair[string], []interface{}, error) {
	if len(rest) > 2 {
		return pair[string]{}, nil, errors.New("too many")
	}
	keys := []string{}
	for key, name := range names {
		keys = append(keys, fmt.Sprintf("%d%s", key, name))
	}
	sort.Strings(keys)
	var none []int
	fmt.Println("noise")
	return pair[string]{strings.Join(keys, ","), string(grid[0])}, []interface{}{
		maybe == nil, any_, p.First, float32(0.1), none, map[string]bool{"b": true, "a": false}, p.String()}, nil
}

func main() { panic("not called") }

// CALLS
// [{"2": "b", "1": "a"}, [[233, 98]], null, [1, 2.5, "x", {"k": null}], {"First": 1, "Second": 2}, [1]] -> [{"First": "1a,2b", "Second": "éb"}, [true, [1, 2.5, "x", {"k": null}], 1, 0.1, [], {"a": false, "b": true}, "1 2"]]
// [{}, [[]], 2, null, {"First": 255}, []] -> [{"First": "", "Second": ""}, [false, null, 255, 0.1, [], {"a": false, "b": true}, "255 0"]]
