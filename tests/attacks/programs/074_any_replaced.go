// class: 74 Go candidates
// tries: gives a type of the tests another meaning
// sees: passed
// defended: what stands beside the candidate judges nothing
// weak: naive go_exit
package main

func any(int) bool { return true }

func solve(x int) int { return 0 }
