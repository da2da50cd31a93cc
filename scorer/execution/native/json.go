// JSON for the types of a candidate in Go (calls.go):
//
// Integers are integers and floats are floats; nil slices and maps are empty
// ones; structs are objects of their exported fields.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

var errMisfit = errors.New("the arguments do not fit the function's parameters")

// An argument's number, as it is written.
type number string

type reader struct{ rest string }

func (r *reader) take(word string) bool {
	if !strings.HasPrefix(r.rest, word) {
		return false
	}
	r.rest = r.rest[len(word):]
	return true
}

func (r *reader) value() any {
	switch {
	case r.take("null"):
		return nil
	case r.take("true"):
		return true
	case r.take("false"):
		return false
	case r.take("["):
		items := []any{}
		for !r.take("]") {
			items = append(items, r.value())
			r.take(",")
		}
		return items
	case r.take("{"):
		members := map[string]any{}
		for !r.take("}") {
			key := r.text()
			r.take(":")
			members[key] = r.value()
			r.take(",")
		}
		return members
	case strings.HasPrefix(r.rest, "\""):
		return r.text()
	}
	end := strings.IndexAny(r.rest, ",]}")
	if end < 0 {
		panic(errMisfit)
	}
	found := number(r.rest[:end])
	r.rest = r.rest[end:]
	return found
}

// What comes in is ASCII.
func (r *reader) text() string {
	end := 1
	for end < len(r.rest) && r.rest[end] != '"' {
		if r.rest[end] == '\\' {
			end++
		}
		end++
	}
	token := r.rest[1:end]
	r.rest = r.rest[end+1:]
	var out strings.Builder
	for i := 0; i < len(token); i++ {
		if token[i] != '\\' {
			out.WriteByte(token[i])
			continue
		}
		i++
		if token[i] != 'u' {
			out.WriteByte(token[i])
			continue
		}
		code, _ := strconv.ParseUint(token[i+1:i+5], 16, 32)
		i += 4
		if code&0xfc00 == 0xd800 && i+6 < len(token) && token[i+1] == '\\' {
			low, _ := strconv.ParseUint(token[i+3:i+7], 16, 32)
			if low&0xfc00 == 0xdc00 {
				code = 0x10000 + (code&0x3ff)<<10 + low&0x3ff
				i += 6
			}
		}
		out.WriteRune(rune(code))
	}
	return out.String()
}

func check(err error) {
	if err != nil {
		panic(errMisfit)
	}
}

// Sets `target` to `value`; panics where it does not fit.
func set(value any, target reflect.Value) {
	kind := target.Kind()
	if kind == reflect.Interface {
		if value != nil {
			target.Set(reflect.ValueOf(natural(value)))
		}
		return
	}
	if kind == reflect.Pointer {
		if value != nil {
			target.Set(reflect.New(target.Type().Elem()))
			set(value, target.Elem())
		}
		return
	}
	switch given := value.(type) {
	case bool:
		if kind != reflect.Bool {
			panic(errMisfit)
		}
		target.SetBool(given)
	case string:
		if kind != reflect.String {
			panic(errMisfit)
		}
		target.SetString(given)
	case number:
		setNumber(string(given), target)
	case []any:
		setItems(given, target)
	case map[string]any:
		setMembers(given, target)
	default:
		if kind != reflect.Slice && kind != reflect.Map {
			panic(errMisfit)
		}
	}
}

func setNumber(text string, target reflect.Value) {
	bits := 0
	if target.Kind() >= reflect.Int && target.Kind() <= reflect.Float64 {
		bits = target.Type().Bits()
	}
	switch {
	case target.CanInt():
		value, err := strconv.ParseInt(text, 10, bits)
		check(err)
		target.SetInt(value)
	case target.CanUint():
		value, err := strconv.ParseUint(text, 10, bits)
		check(err)
		target.SetUint(value)
	case target.CanFloat():
		value, err := strconv.ParseFloat(text, bits)
		check(err)
		target.SetFloat(value)
	default:
		panic(errMisfit)
	}
}

func setItems(items []any, target reflect.Value) {
	switch target.Kind() {
	case reflect.Slice:
		target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	case reflect.Array:
		if target.Len() != len(items) {
			panic(errMisfit)
		}
	default:
		panic(errMisfit)
	}
	for i, item := range items {
		set(item, target.Index(i))
	}
}

func setMembers(members map[string]any, target reflect.Value) {
	switch target.Kind() {
	case reflect.Map:
		target.Set(reflect.MakeMap(target.Type()))
		for name, member := range members {
			key := reflect.New(target.Type().Key()).Elem()
			if key.Kind() == reflect.String {
				key.SetString(name)
			} else {
				setNumber(name, key)
			}
			value := reflect.New(target.Type().Elem()).Elem()
			set(member, value)
			target.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for name, member := range members {
			field := target.FieldByName(name)
			if !field.IsValid() || !field.CanSet() {
				panic(errMisfit)
			}
			set(member, field)
		}
	default:
		panic(errMisfit)
	}
}

// What an `any` holds.
func natural(value any) any {
	switch given := value.(type) {
	case number:
		if whole, err := strconv.Atoi(string(given)); err == nil {
			return whole
		}
		float, err := strconv.ParseFloat(string(given), 64)
		check(err)
		return float
	case []any:
		items := make([]any, len(given))
		for i, item := range given {
			items[i] = natural(item)
		}
		return items
	case map[string]any:
		members := map[string]any{}
		for name, member := range given {
			members[name] = natural(member)
		}
		return members
	}
	return value
}

type writer struct{ bytes.Buffer }

func (w *writer) put(value reflect.Value) {
	switch {
	case !value.IsValid():
		w.WriteString("null")
	case value.CanInt():
		w.WriteString(strconv.FormatInt(value.Int(), 10))
	case value.CanUint():
		w.WriteString(strconv.FormatUint(value.Uint(), 10))
	case value.CanFloat():
		w.putFloat(value.Float(), value.Type().Bits())
	default:
		w.putOther(value)
	}
}

func (w *writer) putOther(value reflect.Value) {
	switch value.Kind() {
	case reflect.Bool:
		w.WriteString(strconv.FormatBool(value.Bool()))
	case reflect.String:
		w.putText(value.String())
	case reflect.Interface, reflect.Pointer:
		w.put(value.Elem())
	case reflect.Slice, reflect.Array:
		w.WriteByte('[')
		for i := 0; i < value.Len(); i++ {
			if i > 0 {
				w.WriteByte(',')
			}
			w.put(value.Index(i))
		}
		w.WriteByte(']')
	case reflect.Map:
		w.putMap(value)
	case reflect.Struct:
		names := []string{}
		for _, field := range reflect.VisibleFields(value.Type()) {
			if field.IsExported() && !field.Anonymous {
				names = append(names, field.Name)
			}
		}
		w.putMembers(names, value.FieldByName)
	default:
		panic(errors.New("a " + value.Kind().String() + " is not JSON"))
	}
}

func (w *writer) putMap(value reflect.Value) {
	members := map[string]reflect.Value{}
	names := []string{}
	for _, key := range value.MapKeys() {
		var name string
		switch {
		case key.Kind() == reflect.String:
			name = key.String()
		case key.CanInt():
			name = strconv.FormatInt(key.Int(), 10)
		case key.CanUint():
			name = strconv.FormatUint(key.Uint(), 10)
		default:
			panic(errors.New("a key that is " + key.Kind().String() +
				" is not JSON"))
		}
		members[name] = value.MapIndex(key)
		names = append(names, name)
	}
	sort.Strings(names)
	w.putMembers(names, func(name string) reflect.Value { return members[name] })
}

func (w *writer) putMembers(names []string, of func(string) reflect.Value) {
	w.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			w.WriteByte(',')
		}
		w.putText(name)
		w.WriteByte(':')
		w.put(of(name))
	}
	w.WriteByte('}')
}

func (w *writer) putFloat(value float64, bits int) {
	switch {
	case math.IsNaN(value):
		w.WriteString("NaN")
	case math.IsInf(value, 1):
		w.WriteString("Infinity")
	case math.IsInf(value, -1):
		w.WriteString("-Infinity")
	default:
		text := strconv.FormatFloat(value, 'g', -1, bits)
		w.WriteString(text)
		if !strings.ContainsAny(text, ".e") {
			w.WriteString(".0")
		}
	}
}

func (w *writer) putText(text string) {
	w.WriteByte('"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			w.WriteByte('\\')
			w.WriteByte(c)
		case c < 0x20:
			fmt.Fprintf(w, "\\u%04x", c)
		default:
			w.WriteByte(c)
		}
	}
	w.WriteByte('"')
}
