// class: 74 Go candidates
// tries: leaves a process behind
// sees: survivor
// defended: the process namespace ends with its first process
// weak: naive go_exit pid die
package main

import (
	"os"
	"os/exec"
	"syscall"
)

func init() {
	command := exec.Command("/bin/sleep", "30")
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	command.Start()
	os.Exit(0)
}

func solve(x int) int { return 0 }
