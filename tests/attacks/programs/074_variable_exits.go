// class: 74 Go candidates
// tries: ends with 0 while a variable is made
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive go_exit
package main

import "syscall"

var ended = func() int { syscall.Exit(0); return 0 }()

func solve(x int) int { return ended }
