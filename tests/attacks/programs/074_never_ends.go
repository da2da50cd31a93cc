// class: 74 Go candidates
// tries: waits without using time
// sees: late
// defended: wall time is bounded
// weak: naive go_exit
package main

import "time"

func solve(x int) int {
	for {
		time.Sleep(time.Hour)
	}
}
