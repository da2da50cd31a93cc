// class: 74 Go candidates
// tries: tells a secret file in a panic's words
// sees: leak
// defended: the file system is its own
// weak: naive go_words scratch
package main

import "os"

func solve(x int) int {
	text, _ := os.ReadFile("@SECRET_FILE@")
	panic(string(text))
}
