package fsm

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	looplab "github.com/looplab/fsm"
)

func TestLifecycle(t *testing.T) {
	d := order()
	if n := checkAgainst(t, mustNew(t, d), d); n != 30 {
		t.Errorf("%d steps were tried, want 30", n)
	}
}

func TestNextRefuses(t *testing.T) {
	l := mustNew(t, order())
	long := strings.Repeat("x", MaxName+1)
	for _, tt := range []struct {
		state, event string
		want         string
	}{
		{"", "", `fsm: there is no state ""`},
		{"signing", "", `fsm: there is no event ""`},
		{"", "submit", `fsm: there is no state ""`},
		{"signin", "confirm", `fsm: there is no state "signin"; did you mean "signing"?`},
		{"SIGNING", "confirm", `fsm: there is no state "SIGNING"; did you mean "signing"?`},
		{"submit", "filling", `fsm: there is no state "submit"`},
		{"nowhere", "nothing", `fsm: there is no state "nowhere"`},
		{"signing", "confrim", `fsm: there is no event "confrim"; did you mean "confirm"?`},
		{"signing", "Confirm", `fsm: there is no event "Confirm"; did you mean "confirm"?`},
		{"signing", "signing", `fsm: there is no event "signing"`},
		{"signing", "confirm ", `fsm: there is no event "confirm "; did you mean "confirm"?`},
		{"signing", "a\nb", `fsm: there is no event "a\nb"`},
		{"signing", long, `fsm: there is no event "` + long[:MaxName] + `…"`},
		{"filling", "confirm", `fsm: event "confirm" cannot happen in state "filling", only in "signing"`},
		{"void", "return", `fsm: event "return" cannot happen in state "void", only in "signing", "validating"`},
		{"validated", "validate", `fsm: event "validate" cannot happen in state "validated", only in "validating"`},
	} {
		to, err := l.Next(tt.state, tt.event)
		if err == nil || to != "" || err.Error() != tt.want {
			t.Errorf("Next(%q, %q) = %q, %v\nwant %s", tt.state, tt.event, to, err, tt.want)
		}
	}
}

func TestErrorTypes(t *testing.T) {
	l := mustNew(t, order())
	var state *UnknownStateError
	if _, err := l.Next("sining", "confirm"); !errors.As(err, &state) || *state != (UnknownStateError{"sining", "signing"}) {
		t.Errorf("unknown state: %#v", err)
	}
	var event *UnknownEventError
	if _, err := l.Next("signing", "cancle"); !errors.As(err, &event) || *event != (UnknownEventError{"cancle", "cancel"}) {
		t.Errorf("unknown event: %#v", err)
	}
	var not *NotAllowedError
	if _, err := l.Next("void", "cancel"); !errors.As(err, &not) || !slices.Equal(not.From, []string{"filling", "signing"}) {
		t.Errorf("not allowed: %#v", err)
	}
	if errors.Is(not, ErrEngine) {
		t.Error("a refusal is an engine's fault")
	}
}

func TestAbsentStates(t *testing.T) {
	l := mustNew(t, order())
	for _, s := range []string{"", "Void", "submit", "void "} {
		if l.Final(s) || l.Events(s) != nil {
			t.Errorf("%q: final %v, events %q", s, l.Final(s), l.Events(s))
		}
	}
	if got := l.Events("void"); len(got) != 0 {
		t.Errorf("a final state has events %q", got)
	}
}

// A lifecycle that New did not make knows nothing, and does not panic.
func TestZeroLifecycle(t *testing.T) {
	var l Lifecycle
	var state *UnknownStateError
	if _, err := l.Next("a", "b"); !errors.As(err, &state) {
		t.Errorf("Next: %v", err)
	}
	if l.Initial() != "" || l.Final("a") || len(l.States()) != 0 || len(l.Events("a")) != 0 {
		t.Error("the zero lifecycle has states")
	}
}

// What the caller does with his slices changes nothing.
func TestCopies(t *testing.T) {
	d := order()
	l := mustNew(t, d)
	d.States[0].Name, d.States[1].Final, d.Events[0].To, d.Events[2].From[0] = "x", true, "x", "x"
	l.States()[0] = "x"
	l.Events("filling")[0] = "x"
	var not *NotAllowedError
	if _, err := l.Next("void", "return"); !errors.As(err, &not) {
		t.Fatal(err)
	}
	not.From[0] = "x"
	checkAgainst(t, l, order())
}

// The engine is not believed: whatever it does otherwise than the table, it does
// not decide.
func TestEngineDisagrees(t *testing.T) {
	for _, tt := range []struct {
		name   string
		engine string
		cause  any
	}{
		{"leads elsewhere", "i a; e go c a", nil},
		{"stays", "i a; e go a a", nil},
		{"knows no such event", "i a; e run b a", new(looplab.UnknownEventError)},
		{"does not allow it", "i a; e go b c", new(looplab.InvalidEventError)},
	} {
		l := mustNew(t, def("i a; s a; f b; f c; e go b a; e end c a"))
		l.engine = newEngine(def(tt.engine))
		to, err := l.Next("a", "go")
		if to != "" || !errors.Is(err, ErrEngine) {
			t.Errorf("%s: Next = %q, %v", tt.name, to, err)
		}
		if tt.cause != nil && !errors.As(err, tt.cause) {
			t.Errorf("%s: %v does not wrap a %T", tt.name, err, tt.cause)
		}
	}
}

func TestConcurrent(t *testing.T) {
	d := order()
	l := mustNew(t, d)
	var wg sync.WaitGroup
	for g := range uint64(8) {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(g, 2))
			for range 3000 {
				s := d.States[rng.IntN(len(d.States))].Name
				e := d.Events[rng.IntN(len(d.Events))].Name
				want, ok := refNext(d, s, e)
				if got, err := l.Next(s, e); got != want || (err == nil) != ok {
					t.Errorf("Next(%q, %q) = %q, %v; want %q", s, e, got, err, want)
					return
				}
				_, _ = l.Events(s), l.Mermaid(Diagram{Current: s})
			}
		})
	}
	wg.Wait()
}
