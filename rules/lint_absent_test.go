package rules

import (
	"strings"
	"testing"
)

// What may come to no outcome is doubted, what asks first is not.
func TestLintAbsent(t *testing.T) {
	definition := func(expr string) Definition {
		line := Field{Kind: KindRecord, Fields: []Field{{Name: "price", Kind: KindInteger, Required: true}, {Name: "note", Kind: KindText}}}
		inner := []Field{{Name: "city", Kind: KindText, Required: true}, {Name: "zip", Kind: KindText}}
		return Definition{
			Sections: []Section{{Name: "s", Fields: []Field{
				{Name: "kind", Kind: KindChoice, Required: true, Choices: []Choice{{Name: "firm"}, {Name: "man"}}},
				{Name: "n", Kind: KindInteger, Required: true}, {Name: "opt", Kind: KindInteger}, {Name: "off", Kind: KindInteger},
				{Name: "vat", Kind: KindText, Required: true, When: `kind == "firm"`}, {Name: "pec", Kind: KindText, RequiredIf: `kind == "firm"`},
				{Name: "shown", Kind: KindText, When: `kind == "firm"`},
				{Name: "lines", Kind: KindList, Required: true, Of: &line}, {Name: "more", Kind: KindList, Of: &line},
				{Name: "home", Kind: KindRecord, Required: true, Fields: inner}, {Name: "office", Kind: KindRecord, Fields: inner},
				{Name: "sure", Kind: KindInteger, Compute: `n + lines.map(l, l.price).sum()`},
				{Name: "maybe", Kind: KindInteger, Compute: `n + opt`},
				{Name: "again", Kind: KindInteger, Compute: `maybe + sure + maybe`},
				{Name: "handled", Kind: KindInteger, Compute: `has(opt) ? opt : n`},
			}}, {Name: "t", Fields: []Field{{Name: "x", Kind: KindInteger, Required: true}}}},
			Facts:      []Fact{{Name: "role", Type: Field{Kind: KindText}}},
			Conditions: []Condition{{ID: "c", Expr: expr}},
		}
	}
	for expr, want := range map[string]string{
		`s.n > 1 && role == "x"`:                       "",
		`s.opt > 1`:                                    "s.opt > 1: this cannot be told while s.opt is absent; require it, or ask has() of it",
		`s.n > 1 && s.opt + s.off + s.opt > 1`:         "s.off + s.opt > 1: this cannot be told while s.off or s.opt is absent; require it, or ask has() of it",
		`has(s.opt) && s.opt > 1`:                      "",
		`!has(s.opt) || s.opt > s.n`:                   "",
		`s.?opt.orValue(1) > 1`:                        "",
		`has(s.off) && s.opt > 1`:                      "s.opt > 1: this cannot be told while s.opt is absent",
		`s.vat != "y"`:                                 `s.vat != "y": this cannot be told while s.vat is absent; ask has() of it, or what its when asks`,
		`s.kind == "man" || s.vat != "y"`:              "",
		`s.kind == "man" || s.pec != "y"`:              "",
		`s.kind == "man" || s.shown != "y"`:            "",
		`s.pec != "y"`:                                 `s.pec != "y": this cannot be told while s.pec is absent; require it`,
		`s.lines.all(l, l.price > 1)`:                  "",
		`s.lines.all(l, l.note != "")`:                 `l.note != ""): this cannot be told while s.lines[].note is absent`,
		`s.lines.all(l, has(l.note) && l.note == "a")`: "",
		`s.more.all(l, l.price > 1)`:                   "l.price > 1): this cannot be told while s.more is absent",
		`!has(s.more) || s.more.all(l, l.price > 1)`:   "",
		`s.lines.size() > 1`:                           "",
		`s.home.city == "a"`:                           "",
		`s.home.zip == "a"`:                            `s.home.zip == "a": this cannot be told while s.home.zip is absent`,
		`s.office.city == "a"`:                         `s.office.city == "a": this cannot be told while s.office is absent`,
		`has(s.office) && s.office.city == "a"`:        "",
		`s.sure > 1 && t.x > 1`:                        "",
		`s.handled > 1`:                                "",
		`s.maybe > 1`:                                  "s.maybe > 1: this cannot be told while s.opt, from which s.maybe is computed, is absent",
		`t.x > 1 && s.again > 1`:                       "s.again > 1: this cannot be told while s.opt, from which s.again is computed, is absent",
		`has(s.again) && s.again > 1`:                  "",
		`old.s.opt > 1`:                                "", // it may not have been valid, whatever is required
	} {
		var got []string
		for _, w := range compiled(t, definition(expr)).Lint() {
			if w.Code == LintAbsent {
				got = append(got, w.Source[w.Caret-1:]+": "+w.Message)
			}
		}
		if len(got) > 1 || (want == "") != (len(got) == 0) || !strings.HasPrefix(strings.Join(got, ""), want) {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
	// A rule of the section alone does not apply then, and a warning stops nobody;
	// a computed field that is required is another matter.
	d := definition(`s.n > 1`)
	d.Rules = []Rule{{ID: "own", Expr: `s.opt > 1`}, {ID: "mild", Expr: `s.opt > t.x`, Severity: SeverityWarning}, {ID: "due", Expr: `s.opt > t.x`}}
	d.Sections[0].Fields = append(d.Sections[0].Fields, Field{Name: "must", Kind: KindInteger, Required: true, Compute: `n + again`}, Field{Name: "can", Kind: KindInteger, Required: true, Compute: `n + sure`})
	var got []string
	for _, w := range compiled(t, d).Lint() {
		if w.Code == LintAbsent {
			got = append(got, w.Where+": "+w.Message)
		}
	}
	want := []string{"s.must compute: the field is required, and cannot be computed while s.opt, from which s.again is computed, is absent; require it, or ask has() of it",
		"rule due: this cannot be told while s.opt is absent; require it, or ask has() of it"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
}
