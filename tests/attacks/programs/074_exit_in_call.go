// class: 74 Go candidates
// tries: ends with 0 when it is called
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive go_exit
package main

import "os"

func solve(x int) int { os.Exit(0); return 0 }
