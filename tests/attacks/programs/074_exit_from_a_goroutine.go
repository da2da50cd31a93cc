// class: 74 Go candidates
// tries: ends with 0 from another goroutine while a test waits
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive go_exit
package main

import (
	"os"
	"time"
)

func solve(x int) int {
	go os.Exit(0)
	time.Sleep(time.Second)
	return 0
}
