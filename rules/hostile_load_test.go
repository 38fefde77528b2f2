package rules

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// Definitions that try to keep whoever compiles and lints them busy, by mistakes
// of which each is dear to explain, or by parts that are dear to judge.
func TestHostileDefinitions(t *testing.T) {
	long := func(prefix string, i int) string {
		digits := itoa(i)
		return prefix + strings.Repeat("0", 62-len(digits)) + digits
	}
	var fields, formatted, circle []Field
	first, second := Field{Name: "first", Kind: KindChoice}, Field{Name: "second", Kind: KindChoice}
	for i := range 1000 {
		fields = append(fields, Field{Name: long("a", i), Kind: KindInteger})
		formatted = append(formatted, Field{Name: long("a", i), Kind: KindText, Format: long("b", i)})
		all := "1"
		for j := range 12 {
			all += " + f" + itoa((i+j+1)%1000)
		}
		circle = append(circle, Field{Name: "f" + itoa(i), Kind: KindInteger, Compute: all})
		first.Choices = append(first.Choices, Choice{Name: long("a", i)})
		second.Choices = append(second.Choices, Choice{Name: long("b", i)})
	}
	var formats []Format
	for i := range maxFormats {
		formats = append(formats, Format{Name: long("c", i)})
	}
	choices := []Field{first, second, {Name: "yes", Kind: KindBoolean}}
	near := "a" + strings.Repeat("1", 62)
	product, last := "", "s.n"
	for i := range 8 {
		v := "v" + itoa(i)
		product, last = product+"cel.bind("+v+", "+last+strings.Repeat(" * "+last, 15)+", ", v
	}
	product += last + " > 1" + strings.Repeat(")", 8)
	nested := "s.yes"
	for range 14 {
		nested = "s.yes in [" + nested + "]"
	}
	integer := []Field{{Name: "n", Kind: KindInteger}, {Name: "yes", Kind: KindBoolean}}
	for name, d := range map[string]struct {
		fields []Field
		expr   string
		times  int
	}{
		"fields that there are not":     {fields, strings.Repeat("s."+near+" + ", 29) + "1 == 1", 60},
		"names that there are not":      {fields, "[" + strings.Repeat(near+", ", 29) + "1].size() == 1", 60},
		"functions that there are not":  {integer, "[" + strings.Repeat("f(), ", 240) + "1].size() == 1", 60},
		"choices that there are not":    {choices, "s.first in [" + strings.Repeat(`"`+near+`", `, 28) + `"a"]`, 60},
		"types that do not fit":         {integer, "[" + strings.Repeat(`1 + "", `, 150) + "1].size() == 1", 60},
		"formats that there are not":    {formatted, "true", 1},
		"a circle of everything":        {circle, "true", 1},
		"choices without any in common": {choices, strings.Repeat("s.first == s.second || ", 85) + "s.yes", 60},
		"products of products":          {integer, product, 60},
		"lists in lists":                {integer, nested, 60},
		"many parts":                    {integer, strings.Repeat("s.n != 3 || ", 160) + "s.yes", 60},
	} {
		t.Run(name, func(t *testing.T) {
			d2 := Definition{Sections: []Section{{Name: "s", Fields: d.fields}}, Formats: formats}
			for i := range d.times {
				d2.Rules = append(d2.Rules, Rule{ID: "r" + itoa(i), Expr: d.expr})
			}
			var m0, m1 runtime.MemStats
			runtime.ReadMemStats(&m0)
			begun := cpuTime()
			s, err := Compile(d2)
			found := 0
			if err == nil {
				found = len(s.Lint())
			}
			spent := cpuTime() - begun
			runtime.ReadMemStats(&m1)
			allocated := (m1.TotalAlloc - m0.TotalAlloc) >> 20
			t.Logf("%v, %d MiB allocated, refused: %v, %d warnings", spent, allocated, err != nil, found)
			if err != nil {
				t.Logf("%.200s", err.Error())
			}
			if allocated > 100 { // 75 at most, of which most is garbage by the end: see TestLoadAtTheBound
				t.Errorf("%d MiB allocated", allocated)
			}
			// Of the processor, whoever else uses it: a second is what limits.go
			// promises, and a quarter was seen.
			if spent > 5*time.Second {
				t.Errorf("took %v", spent)
			}
		})
	}
}
