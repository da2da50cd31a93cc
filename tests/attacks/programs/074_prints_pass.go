// class: 74 Go candidates
// tries: prints what a harness looks for, and ends
// sees: passed
// defended: answers are compared, or tests run, in another process
// weak: naive go_print
package main

import "syscall"

func solve(x int) int {
	for fd := 1; fd < 40; fd++ {
		for _, word := range []string{"ALL TESTS PASSED\n", "P", "=0\n"} {
			syscall.Write(fd, []byte(word))
		}
	}
	syscall.Exit(0)
	return 0
}
