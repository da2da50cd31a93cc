// class: 74 Go candidates
// tries: has the compiler complain in a file's name that would harm a terminal
// sees: dirty
// defended: words are cut to printable ASCII
// weak: naive go_words
package main

//line /box/[2J]0;owned.go:1
func solve(x int) int { return nothing }
