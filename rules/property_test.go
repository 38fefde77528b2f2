package rules

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A generator writes random expressions over the sections of [vault], of a
// wanted type, and random contents of them.
type generator struct {
	*rand.Rand
	roots []string // of parts; "" for bare fields
	binds []string // variables that are records of lines
}

func (g *generator) pick(options ...string) string { return options[g.IntN(len(options))] }

func (g *generator) field(name string) string {
	root := g.pick(g.roots...)
	if root == "" && name[0] != '?' {
		return name
	}
	if root == "" {
		root = "old" // an optional selection needs an operand
	}
	return root + "." + name
}

func (g *generator) boolean(depth int) string {
	if depth <= 0 {
		return g.pick("true", "false", g.field("vip"), "has("+g.field("note")+")", "has("+g.field("amount")+")", g.field("?vip")+".orValue(true)", "has("+g.field("inner.amount")+")")
	}
	b, i, s := func() string { return g.boolean(depth - 1) }, func() string { return g.integer(depth - 1) }, func() string { return g.text(depth - 1) }
	switch g.IntN(16) {
	case 14:
		return "(" + g.money(depth-1) + g.pick(" < ", " == ", " >= ", " != ") + g.money(depth-1) + ")"
	case 15:
		return "(" + g.money(depth-1) + " in " + g.pick(g.field("fees"), "["+g.money(depth-1)+"]") + ")"
	case 0, 1:
		return "(" + b() + " && " + b() + ")"
	case 2, 3:
		return "(" + b() + " || " + b() + ")"
	case 4:
		return "!" + b()
	case 5:
		return "(" + b() + " ? " + b() + " : " + b() + ")"
	case 6, 7:
		return "(" + i() + g.pick(" < ", " == ", " >= ", " != ") + i() + ")"
	case 8:
		return "(" + s() + g.pick(" == ", " != ", " < ") + s() + ")"
	case 9:
		return s() + ".contains(" + s() + ")"
	case 10:
		return "(" + s() + " in " + g.pick(g.field("tags"), `["a", "b"]`) + ")"
	case 11:
		return g.quantified(depth)
	case 12:
		return "cel.bind(v, " + i() + ", v > " + i() + ")"
	default:
		return "(dyn(" + g.pick(i(), s(), g.field("lines"), g.field("inner")) + ") == dyn(" + g.pick(i(), g.field("lines"), g.field("inner")) + "))"
	}
}

// money is of a known currency or another, so that some outcomes are errors.
func (g *generator) money(depth int) string {
	if depth <= 0 || g.IntN(3) == 0 {
		return g.pick(`money("1 EUR")`, `money("0 EUR")`, `money("1 CHF")`, g.field("price"), g.field("price"), g.field("price"), g.field("?price")+`.orValue(money("2 EUR"))`)
	}
	m := func() string { return g.money(depth - 1) }
	switch g.IntN(7) {
	case 0, 1:
		return "(" + m() + g.pick(" + ", " - ") + m() + ")"
	case 2:
		return g.pick("("+m()+" * "+g.integer(depth-1)+")", "("+g.integer(depth-1)+" * "+m()+")")
	case 3:
		return g.field("fees") + g.pick(`.sum()`, `.sum("EUR")`, `.map(f, f + `+m()+`).sum()`)
	case 4:
		return "money(" + g.pick(g.integer(depth-1), m()+".amount()") + ", " + g.pick(`"EUR"`, m()+".currency()", g.field("note")) + ")"
	case 5:
		return g.pick("(-"+m()+")", m()+".round(1)", m()+".div("+g.integer(depth-1)+", 2)", m()+".abs()")
	default:
		return "(" + g.boolean(depth-1) + " ? " + m() + " : " + m() + ")"
	}
}

func (g *generator) quantified(depth int) string {
	list := g.field("lines")
	name := "l" + itoa(len(g.binds))
	g.binds = append(g.binds, name)
	body := g.boolean(depth - 1)
	g.binds = g.binds[:len(g.binds)-1]
	return list + "." + g.pick("all", "exists", "exists_one") + "(" + name + ", " + body + ")"
}

func (g *generator) integer(depth int) string {
	if depth <= 0 || g.IntN(3) == 0 {
		leaf := []string{"0", "1", "3", g.field("amount"), g.field("amount"), g.field("inner.amount"), g.field("?amount") + ".orValue(2)"}
		if len(g.binds) > 0 {
			leaf = append(leaf, g.pick(g.binds...)+".amount", g.pick(g.binds...)+".amount")
		}
		return g.pick(leaf...)
	}
	i := func() string { return g.integer(depth - 1) }
	switch g.IntN(6) {
	case 0:
		return "(" + i() + g.pick(" + ", " - ", " * ", " / ", " % ") + i() + ")"
	case 1:
		return g.field("lines") + ".size()"
	case 2:
		return g.field("lines") + ".map(m, m.amount).sum()"
	case 3:
		return "(" + g.boolean(depth-1) + " ? " + i() + " : " + i() + ")"
	case 4:
		return g.field("lines") + "[" + i() + "].amount"
	default:
		return "size(" + g.text(depth-1) + ")"
	}
}

func (g *generator) text(depth int) string {
	if depth <= 0 || g.IntN(3) == 0 {
		return g.pick(`"a"`, `"b"`, `""`, g.field("note"), g.field("note"), g.field("?note")+`.orValue("a")`)
	}
	switch g.IntN(4) {
	case 0:
		return "(" + g.text(depth-1) + " + " + g.text(depth-1) + ")"
	case 1:
		return "(" + g.boolean(depth-1) + " ? " + g.text(depth-1) + " : " + g.text(depth-1) + ")"
	case 2:
		return g.field("tags") + "[" + g.pick("0", "1") + "]"
	default:
		return g.pick("string("+g.integer(depth-1)+")", g.money(depth-1)+".currency()", "string("+g.money(depth-1)+")")
	}
}

// content is a random content of a section of [vault].
func (g *generator) content() map[string]any {
	c := map[string]any{}
	maybe := func(name string, v any) {
		if g.IntN(3) > 0 {
			c[name] = v
		}
	}
	maybe("amount", int64(g.IntN(4)))
	maybe("vip", g.IntN(2) == 0)
	maybe("note", g.pick("a", "b", "ab"))
	tags, lines := []any{}, []any{}
	for range g.IntN(3) {
		tags = append(tags, g.pick("a", "b"))
		line := map[string]any{}
		if g.IntN(4) > 0 {
			line["amount"] = int64(g.IntN(4))
		}
		lines = append(lines, line)
	}
	maybe("tags", tags)
	maybe("lines", lines)
	fees := []any{}
	for range g.IntN(3) {
		fees = append(fees, g.pick("1.00 EUR", "2.00 EUR", "2.00 EUR", "1.00 CHF"))
	}
	maybe("price", g.pick("1.00 EUR", "2.00 EUR", "2.00 EUR", "1.00 CHF"))
	maybe("fees", fees)
	maybe("inner", map[string]any{"amount": int64(g.IntN(3))})
	return c
}

// parts are what can be hidden, each by itself: a section as it is, and as it
// was before.
var parts = []string{"open", "secret", "old.open", "old.secret"}

// partly fills in an input of contents by part, without those of which the
// bits are set in hidden.
func partly(t *testing.T, s *Set, contents map[string]map[string]any, hidden int) *Input {
	t.Helper()
	in := s.Input()
	for i, part := range parts {
		name, old := strings.CutPrefix(part, "old.")
		switch hide := hidden>>i&1 == 1; {
		case old && hide:
			must(t, in.OldHidden(name))
		case old:
			must(t, in.Old(name, contents[part]))
		case hide:
			must(t, in.Hidden(name))
		default:
			must(t, in.Section(name, contents[part]))
		}
	}
	return in
}

// If evaluation without some sections, or without what they were before, says
// pass or fail, evaluation with any content of these says the same.
func TestPartialEvaluationIsSound(t *testing.T) {
	expressions := 600
	if testing.Short() {
		expressions = 100
	}
	g := &generator{Rand: rand.New(rand.NewPCG(1, 2)), roots: parts}
	cases, unknown := 0, 0
	definite, compared := make([]int, 1<<len(parts)), make([]int, 1<<len(parts)) // by what is hidden
	for cases < expressions {
		d := vault()
		for i := range 20 {
			d.Conditions = append(d.Conditions, Condition{ID: "c" + itoa(i), Expr: g.boolean(4)})
		}
		s, err := CompileFrozen(d) // which lets amounts of two currencies meet
		if err != nil {
			t.Fatalf("the generator writes nonsense: %v", err)
		}
		for _, c := range d.Conditions {
			cases++
			for range 40 {
				hidden := 1 + g.IntN(len(compared)-1)
				contents := map[string]map[string]any{}
				for _, part := range parts {
					contents[part] = g.content()
				}
				v := s.Eval(c.ID, partly(t, s, contents, hidden))
				if v.Result == Unknown {
					unknown++
				}
				if v.Result != Pass && v.Result != Fail {
					continue
				}
				definite[hidden]++
				for range 8 {
					for i, part := range parts {
						if hidden>>i&1 == 1 {
							contents[part] = g.content()
						}
					}
					compared[hidden]++
					if w := s.Eval(c.ID, partly(t, s, contents, 0)); w.Result != v.Result {
						t.Fatalf("%s\n%v\nhidden %04b of %q: %s, with them: %s (%v)", c.Expr, contents, hidden, parts, v.Result, w.Result, w.Err)
					}
				}
			}
		}
	}
	total, comparisons := 0, 0
	for hidden := 1; hidden < len(compared); hidden++ {
		total += definite[hidden]
		comparisons += compared[hidden]
		if compared[hidden] == 0 {
			t.Errorf("hidden %04b of %q: nothing was compared", hidden, parts)
		}
		t.Logf("hidden %04b of %q: %d definite outcomes, %d comparisons", hidden, parts, definite[hidden], compared[hidden])
	}
	if total < cases || unknown < cases {
		t.Errorf("%d definite and %d unknown of %d cases: too few to say anything", total, unknown, 40*cases)
	}
	t.Logf("%d expressions, %d definite outcomes without, %d comparisons with", cases, total, comparisons)
}

// The same of "valid.<section>" and "change.<section>" where only the revision
// before is hidden.
func TestPartialValidationIsSound(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(3, 4)), roots: []string{"", "", "old"}}
	compared, counts := 0, map[Result]int{}
	for n := range 150 {
		d := vault()
		open := d.Sections[0].Fields
		for i := range open {
			switch g.IntN(4) {
			case 0:
				open[i].Check = g.boolean(3)
			case 1:
				open[i].RequiredIf = g.boolean(3)
			}
		}
		s, err := CompileFrozen(d) // which lets amounts of two currencies meet
		if err != nil {
			t.Fatalf("definition %d: %v", n, err)
		}
		for range 20 {
			content := g.content()
			in := s.Input()
			must(t, in.Section("open", content))
			must(t, in.OldHidden("open"))
			for _, info := range s.Conditions() {
				if !slices.Equal(info.Sections, []string{"open"}) {
					continue
				}
				v := s.Eval(info.ID, in)
				if info.Old {
					counts[v.Result]++
				}
				if v.Result == Unknown && !info.Old {
					t.Fatalf("%+v\n%v\n%s is unknown for want of what it does not read", open, content, info.ID)
				}
				if v.Result == Unknown || v.Result == Error && info.Old {
					continue
				}
				for range 8 {
					old := g.content()
					full := s.Input()
					must(t, full.Section("open", content))
					must(t, full.Old("open", old))
					compared++
					if w := s.Eval(info.ID, full); w.Result != v.Result {
						t.Fatalf("%+v\n%v\nold %v\n%s hidden: %v, with it: %v", open, content, old, info.ID, v, w)
					}
				}
			}
		}
	}
	if counts[Pass] < 50 || counts[Fail] < 50 || counts[Unknown] < 50 {
		t.Errorf("outcomes %v: too few of a kind", counts)
	}
	t.Logf("outcomes %v, %d comparisons", counts, compared)
}
