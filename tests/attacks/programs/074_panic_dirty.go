// class: 74 Go candidates
// tries: panics with words that would harm a terminal
// sees: dirty
// defended: words are cut to printable ASCII
// weak: naive go_words
package main

func solve(x int) int { panic("\x1b[2J\x1b]0;owned\a \u202e\r passed") }
