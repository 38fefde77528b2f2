package rulestest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var pathStep = regexp.MustCompile(`^([a-z][a-z0-9_]*)((?:\[(?:0|[1-9][0-9]{0,3})\])*)$`)

// steps splits a path such as "products.lines[1].price" into names (string) and
// indexes (int).
func steps(path string) ([]any, error) {
	var out []any
	for _, part := range strings.Split(path, ".") {
		m := pathStep.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is no path such as \"products.lines[1].price\"", path)
		}
		out = append(out, m[1])
		for _, index := range strings.FieldsFunc(m[2], func(r rune) bool { return r == '[' || r == ']' }) {
			i, err := strconv.Atoi(index)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", path, err)
			}
			out = append(out, i)
		}
	}
	return out, nil
}

// comparePaths orders paths so that what holds others comes first, and items
// by their number.
func comparePaths(a, b string) int {
	x, errX := steps(a)
	y, errY := steps(b)
	if errX != nil || errY != nil {
		return strings.Compare(a, b)
	}
	for i := range min(len(x), len(y)) {
		p, isP := x[i].(int)
		q, isQ := y[i].(int)
		switch {
		case isP && isQ && p != q:
			return p - q
		case !isP && !isQ && x[i] != y[i]:
			return strings.Compare(x[i].(string), y[i].(string))
		case isP != isQ:
			return strings.Compare(a, b)
		}
	}
	return len(x) - len(y)
}

// change sets the value at a path of some content; nil takes it away.
func change(content Content, path string, value any) error {
	way, err := steps(path)
	if err != nil {
		return err
	}
	section, _ := way[0].(string)
	if len(way) == 1 {
		if value == nil {
			delete(content, section)
			return nil
		}
		fields, ok := clone(value).(map[string]any)
		if !ok {
			return fmt.Errorf("%s: a section is a mapping from fields to values", path)
		}
		content[section] = fields
		return nil
	}
	if content[section] == nil {
		content[section] = map[string]any{}
	}
	fields, err := changed(content[section], way[1:], clone(value), path)
	if err != nil {
		return err
	}
	content[section], _ = fields.(map[string]any)
	return nil
}

// changed returns a value with a part of it changed.
func changed(in any, way []any, value any, path string) (any, error) {
	if len(way) == 0 {
		return value, nil
	}
	if name, ok := way[0].(string); ok {
		if in == nil {
			in = map[string]any{}
		}
		fields, ok := in.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: %q is in no record", path, name)
		}
		inner, err := changed(fields[name], way[1:], value, path)
		if err != nil {
			return nil, err
		}
		if inner == nil {
			delete(fields, name)
		} else {
			fields[name] = inner
		}
		return fields, nil
	}
	i, _ := way[0].(int)
	items, ok := in.([]any)
	if in != nil && !ok || i > len(items) {
		return nil, fmt.Errorf("%s: there is no item %d", path, i)
	}
	if i == len(items) {
		if value == nil {
			return nil, fmt.Errorf("%s: there is no item %d", path, i)
		}
		items = append(items, nil)
	}
	inner, err := changed(items[i], way[1:], value, path)
	if err != nil {
		return nil, err
	}
	if inner == nil && len(way) == 1 {
		return append(items[:i:i], items[i+1:]...), nil
	}
	items[i] = inner
	return items, nil
}
