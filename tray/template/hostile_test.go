package template

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// Templates that are within all bounds of size, and try to keep whoever loads them
// busy by how much of everything they name, are judged or refused: within little memory,
// and all of them long before the tests' own limit of time.
func TestHostileSizes(t *testing.T) {
	names := func(prefix string, n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("%s%d", prefix, i)
		}
		return strings.Join(list, ", ")
	}
	const head = "template: t\nversion: 1\nroles: {r: {manages: [r]}}\n"
	wrong := make([]string, maxRoles)
	for i := range wrong {
		wrong[i] = fmt.Sprintf("A%061d: {}", i)
	}
	fields := make([]string, 8000)
	for i := range fields {
		fields[i] = fmt.Sprintf("a%d: {check: a, type: b}", i)
	}
	for name, text := range map[string]string{
		"many readers":         head + "sections: {s: {read: [" + names("a", 30000) + "]}}\n",
		"many writers":         head + "sections: {s: {read: [r], write: [" + names("a", 30000) + "]}}\n",
		"many near names":      "template: t\nversion: 1\nroles: {" + strings.Join(wrong, ", ") + "}\nnotes: [" + names("a", 30000) + "]\n",
		"one line":             head + "sections: {s: {fields: {" + strings.Join(fields, ", ") + "}}}\n",
		"one line of mistakes": head + "sections: {s: {fields: {" + strings.Join(fields[:maxFields], ", ") + "}}}\n",
		"many of all":          crowd(),
	} {
		if len(text) > maxSize {
			t.Fatalf("%s: %d bytes", name, len(text))
		}
		var m0, m1 runtime.MemStats
		runtime.ReadMemStats(&m0)
		_, err := Load(fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml")
		runtime.ReadMemStats(&m1)
		allocated := (m1.TotalAlloc - m0.TotalAlloc) >> 20
		t.Logf("%s: %d bytes, %d MiB allocated", name, len(text), allocated)
		if allocated > 64 { // 34 at most
			t.Errorf("%s: %d MiB allocated", name, allocated)
		}
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// crowd is a template with as many roles, sections, states, events and signatures
// as there can be, each of which concerns all others.
func crowd() string {
	list := func(prefix string, n int) string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("%s%d", prefix, i)
		}
		return "[" + strings.Join(names, ", ") + "]"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "template: t\nversion: 1\nroles:\n  r0: {manages: %s}\n", list("r", maxRoles))
	for i := 1; i < maxRoles; i++ {
		fmt.Fprintf(&b, "  r%d: {}\n", i)
	}
	b.WriteString("sections:\n")
	for i := range maxSections {
		in := list("z", maxStates)
		if i == maxSections-1 {
			in = fmt.Sprintf("z%d", maxStates-1) // so that all else is looked at in vain
		}
		fmt.Fprintf(&b, "  s%d: {read: [r0, {role: r1, in: %s}], write: [r0], fields: {a: {type: integer, required: true}}}\n", i, in)
	}
	b.WriteString("signatures:\n")
	for i := range maxSignatures {
		fmt.Fprintf(&b, "  g%d: {by: r1, covers: %s, declare: x}\n", i, list("s", maxSections))
	}
	fmt.Fprintf(&b, "lifecycle:\n  initial: z0\n  states:\n    z0: {edit: {r0: %s}}\n", list("s", maxSections))
	for i := 1; i < maxStates; i++ {
		fmt.Fprintf(&b, "    z%d: {}\n", i)
	}
	b.WriteString("  events:\n")
	for i := range maxEvents {
		fmt.Fprintf(&b, "    e%d: {from: %s, to: z%d, by: %s, signed: %s}\n", i, list("z", maxStates), i, list("r", maxRoles), list("g", maxSignatures))
	}
	return b.String()
}
