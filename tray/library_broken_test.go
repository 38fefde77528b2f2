package tray

import (
	"errors"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/entry"
)

// errDown is what an application says that cannot ask: it names a value, as such
// errors may.
var errDown = errors.New("no answer about Tagliere")

// Whoever has an application that breaks attests nothing of what it broke at,
// learns which rule and function it was wherever he asks, and no value; and an
// empty draft says the rest once it works.
func TestLibraryBroken(t *testing.T) {
	for name, c := range map[string]struct {
		call  func([]any) (any, error)
		check func(string) bool
		cause error
		want  string
	}{
		"it fails":           {func([]any) (any, error) { return nil, errDown }, nil, errDown, "rule known: knownArticle() failed"},
		"it panics":          {func([]any) (any, error) { panic("Tagliere") }, nil, nil, "rule known: knownArticle() panicked"},
		"it gives a text":    {func([]any) (any, error) { return "Tagliere", nil }, nil, nil, "rule known: knownArticle() gave a value"},
		"it gives nothing":   {func([]any) (any, error) { return nil, nil }, nil, nil, "rule known: knownArticle() gave a value"},
		"its format panics":  {nil, func(string) bool { panic("Tagliere") }, nil, "stock.code format: the format acme_code panicked"},
		"it fails with both": {func([]any) (any, error) { return true, errDown }, nil, errDown, "rule known: knownArticle() failed"},
	} {
		t.Run(name, func(t *testing.T) {
			m := openMarket(t)
			good, works := acme("Tagliere"), false
			bad := acme("Tagliere")
			condition := "rule.known"
			if c.call != nil {
				bad.Functions[0].Call = func(args []any) (any, error) {
					if works {
						return good.Functions[0].Call(args)
					}
					return c.call(args)
				}
			} else {
				condition = "valid.stock"
				bad.Formats[0].Check = func(s string) bool { return works && good.Formats[0].Check(s) || !works && c.check(s) }
			}
			buyer := have(Open(m.ctx, With(m.host, bad), m.seller.ID(), m.b))(t)

			if err := buyer.Draft().Commit(m.ctx); err != nil { // the other one, which he can tell
				t.Fatal(err)
			}
			if said := buyer.State().said[said{condition: condition}]; said != nil {
				t.Errorf("%s was attested: %s", condition, said.outcome)
			}
			told := func(where string, err error) {
				t.Helper()
				if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Tagliere") {
					t.Errorf("%s: %v", where, err)
				}
				if c.cause != nil && !errors.Is(err, c.cause) {
					t.Errorf("%s: the cause is lost", where)
				}
			}
			err := buyer.Draft().Commit(m.ctx)
			if told("an empty draft", err); !errors.Is(err, ErrNothing) {
				t.Errorf("an empty draft: %v", err)
			}

			err = propose(t, m.ctx, buyer)
			var refusal *Refusal
			if !errors.As(err, &refusal) || len(refusal.Blockers) != 1 || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Tagliere") {
				t.Fatalf("proposed: %v", err)
			}
			told("Commit", refusal.Blockers[0].Err)
			blockers := have(buyer.Can(m.ctx, "propose"))(t)
			if len(blockers) != 1 || blockers[0].Need != NeedAttestation || blockers[0].Name != condition {
				t.Fatalf("blockers: %v", blockers)
			}
			told("Can", blockers[0].Err)
			waits := func() (out []TaskAttest) {
				for _, task := range have(buyer.Waiting(m.ctx))(t) {
					if x, ok := task.(TaskAttest); ok {
						out = append(out, x)
					}
				}
				return out
			}
			if got := waits(); len(got) != 1 || got[0].Outcome != (entry.Outcome{Condition: condition, Result: string(rules.Error)}) {
				t.Errorf("waiting: %v", got)
			} else {
				told("Waiting", got[0].Err)
			}

			works = true
			if got := waits(); len(got) != 1 || got[0].Result != string(rules.Pass) || got[0].Err != nil {
				t.Errorf("waiting, once it works: %v", got)
			}
			if err := buyer.Draft().Commit(m.ctx); err != nil {
				t.Fatalf("an empty draft, once it works: %v", err)
			}
			works = false
			report := have(Verify(m.ctx, With(m.host, bad), buyer.ID(), nil, m.b))(t)
			for _, x := range report.Conditions {
				if x.Condition == condition && (x.Basis != Attested || x.Result != string(rules.Pass)) {
					t.Errorf("verified with what broke: %v", x)
				}
			}
			if err := propose(t, m.ctx, buyer); err != nil { // the word stands
				t.Error(err)
			}
		})
	}
}
