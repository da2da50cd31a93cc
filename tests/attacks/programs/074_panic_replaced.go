// class: 74 Go candidates
// tries: gives a name of the tests another meaning
// sees: passed
// defended: what stands beside the candidate judges nothing
// weak: naive go_exit
package main

func panic(any) {}

func solve(x int) int { return 0 }
