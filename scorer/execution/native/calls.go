// The candidate's side of hidden calls in Go: turns lines of JSON into its
// function's parameters, by their types, and its answers into JSON (json.go).
// Of several results the last may be an error, which is no answer when it is
// set. Nothing here knows an expected value or a verdict.
package main

import (
	"bytes"
	entry "candidate"
	"fmt"
	"os"
	"reflect"
	"strings"
)

func answer(function reflect.Value, line string) (said string) {
	defer func() {
		if trouble := recover(); trouble != nil {
			if trouble == any(errMisfit) {
				said = "!" + errMisfit.Error()
			} else {
				said = "!panic: " + strings.ReplaceAll(fmt.Sprint(trouble), "\n", " ")
			}
		}
	}()
	shape := function.Type()
	r := reader{line}
	given := r.value().([]any)
	if len(given) != shape.NumIn() {
		panic(errMisfit)
	}
	arguments := make([]reflect.Value, len(given))
	for i, value := range given {
		arguments[i] = reflect.New(shape.In(i)).Elem()
		set(value, arguments[i])
	}
	var results []reflect.Value
	if shape.IsVariadic() {
		results = function.CallSlice(arguments)
	} else {
		results = function.Call(arguments)
	}
	if last := len(results) - 1; last >= 0 {
		if err, is := results[last].Interface().(error); is {
			return "!error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		if shape.Out(last) == reflect.TypeOf((*error)(nil)).Elem() {
			results = results[:last]
		}
	}
	w := writer{}
	w.WriteByte('=')
	switch len(results) {
	case 0:
		w.WriteString("null")
	case 1:
		w.put(results[0])
	default:
		w.WriteByte('[')
		for i, result := range results {
			if i > 0 {
				w.WriteByte(',')
			}
			w.put(result)
		}
		w.WriteByte(']')
	}
	return w.String()
}

func main() {
	scorer := os.NewFile(3, "scorer")
	function := reflect.ValueOf(entry.EvalloopEntryPoint())
	if function.Kind() != reflect.Func {
		fmt.Fprintln(scorer, "!the entry point is no function")
		return
	}
	fmt.Fprintln(scorer, "=null")
	var heard []byte
	buffer := make([]byte, 1<<16)
	for {
		end := bytes.IndexByte(heard, '\n')
		if end < 0 {
			size, err := scorer.Read(buffer)
			if size <= 0 || err != nil {
				return
			}
			heard = append(heard, buffer[:size]...)
			continue
		}
		line := string(heard[:end])
		heard = heard[end+1:]
		fmt.Fprintln(scorer, answer(function, line))
	}
}
