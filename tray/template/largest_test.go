package template

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// largest is a template with as many roles, sections, fields, rules, states, events
// and signatures as there can be, which is accepted: every event asks for everything,
// and who reads what differs from state to state.
func largest() string {
	list := func(prefix string, from, to int) string {
		names := make([]string, 0, to-from)
		for i := from; i < to; i++ {
			names = append(names, fmt.Sprint(prefix, i))
		}
		return "[" + strings.Join(names, ", ") + "]"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "template: t\nversion: 1\nroles:\n  r0: {manages: %s}\n", list("r", 0, maxRoles))
	for i := 1; i < maxRoles; i++ {
		fmt.Fprintf(&b, "  r%d: {}\n", i)
	}
	b.WriteString("sections:\n")
	fields := 0
	for i := range maxSections {
		fmt.Fprintf(&b, "  s%d:\n    read: [r0, r1", i)
		for r := 2; r < 20; r++ {
			fmt.Fprintf(&b, ", {role: r%d, in: %s}", r, list("z", (i+r)%60, (i+r)%60+3))
		}
		b.WriteString("]\n    write: [r0]\n    fields:\n")
		for f := 0; f < 15 || i == maxSections-1 && fields < maxFields; f++ {
			fmt.Fprintf(&b, "      f%d: {type: integer, required: true}\n", f)
			fields++
		}
	}
	b.WriteString("rules:\n")
	for i := range maxRules {
		fmt.Fprintf(&b, "  x%d: {rule: s%d.f%d < s%d.f%d + 7, message: no, at: %s}\n", i, i%maxSections, i%15, (i+7)%maxSections, (i+1)%15, list("e", i%60, i%60+4))
	}
	b.WriteString("signatures:\n")
	for i := range maxSignatures {
		fmt.Fprintf(&b, "  g%d: {by: r1, covers: %s, declare: yes}\n", i, list("s", 0, maxSections))
	}
	fmt.Fprintf(&b, "lifecycle:\n  initial: z0\n  states:\n    z0: {edit: {r0: %s}}\n", list("s", 0, maxSections))
	for i := 1; i < maxStates; i++ {
		fmt.Fprintf(&b, "    z%d: {final: %v}\n", i, i == maxStates-1)
	}
	b.WriteString("  events:\n")
	for i := range maxEvents - 1 {
		fmt.Fprintf(&b, "    e%d: {from: z%d, to: z%d, by: %s, valid: %s", i, i, i+1, list("r", 0, maxRoles), list("s", 0, maxSections))
		if i > 0 {
			fmt.Fprintf(&b, ", signed: %s", list("g", 0, maxSignatures))
		}
		b.WriteString("}\n")
	}
	fmt.Fprintf(&b, "    e%d: {from: %s, to: z%d, by: [r0]}\n", maxEvents-1, list("z", 0, maxStates-1), maxStates-1)
	return b.String()
}

// The largest template there can be is loaded and explained within what anybody has
// to spare: Load takes a fifth of a second of one core, Explain a tenth.
func TestLargest(t *testing.T) {
	text := largest()
	var m [4]runtime.MemStats
	runtime.ReadMemStats(&m[0])
	tpl, err := loadText(text)
	runtime.ReadMemStats(&m[1])
	if err != nil {
		t.Fatalf("%.3000s", err)
	}
	e := tpl.Explain()
	runtime.ReadMemStats(&m[2])
	shown := e.String()
	runtime.ReadMemStats(&m[3])
	spent := func(i int) uint64 { return (m[i+1].TotalAlloc - m[i].TotalAlloc) >> 20 }
	if size := len(tpl.Canonical()); size < maxSize*3/4 {
		t.Errorf("it has %d bytes only", size)
	}
	for i, most := range []uint64{64, 64, 64} {
		if spent(i) > most {
			t.Errorf("%d MiB are allocated by %s", spent(i), []string{"Load", "Explain", "its text"}[i])
		}
	}
	t.Logf("%d bytes; Load allocates %d MiB, Explain %d MiB, its text of %d bytes %d MiB", len(text), spent(0), spent(1), len(shown), spent(2))
	if len(e.Conditions) < maxSections+maxRules || len(e.Fields) != maxFields {
		t.Errorf("%d conditions and %d fields are explained", len(e.Conditions), len(e.Fields))
	}
}
