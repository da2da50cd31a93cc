// class: 74 Go candidates
// tries: ends with 0 in init, before main
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive go_exit
package main

import "os"

func init() { os.Exit(0) }

func solve(x int) int { return 0 }
