package tray

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// costly has conditions of every kind that are not run once lists are longer: valid.heavy,
// change.diary and guard.stop, which everybody evaluates, and rule.slow, which is attested.
const costly = `
template: slow
version: 1
roles:
  maker:  {manages: [maker, reader]}
  reader: {}
sections:
  open:
    public: true
    write: [maker]
    fields: {numbers: {type: list, max: 4, of: {type: integer}}}
  heavy:
    public: true
    write: [maker]
    fields:
      numbers:
        type: list
        max: 4
        of: {type: integer}
        check: |
          this.all(a, this.all(b, this.all(c, this.all(d, a + b + c + d > 0))))
  diary:
    public: true
    write: [maker]
    fields:
      numbers:
        type: list
        max: 4
        of: {type: integer}
        check: |
          this.all(a, this.all(b, this.all(c, this.all(d, a + b + c + d > old.numbers.size()))))
  sums:
    public: true
    write: [maker]
    fields:
      numbers: {type: list, max: 4, of: {type: integer}}
      few:
        type: integer
        compute: |
          numbers.filter(a, numbers.all(b, numbers.all(c, numbers.all(d, a + b + c + d > 0)))).size()
  sealed:
    read: [maker, reader]
    write: [maker]
    fields: {numbers: {type: list, max: 4, of: {type: integer}}}
rules:
  slow:
    rule: |
      sealed.numbers.all(a, sealed.numbers.all(b, sealed.numbers.all(c, sealed.numbers.all(d, a + b + c + d > 0))))
    at: [go]
lifecycle:
  initial: begun
  states:
    begun: {edit: {maker: [open, heavy, diary, sums, sealed]}}
    done:  {final: true}
  events:
    go:    {from: begun, to: begun, by: [maker]}
    weigh:
      from: begun
      to: begun
      by: [maker]
      valid: [heavy]
      guard: |
        open.numbers.size() > 0
    stop:
      from: begun
      to: done
      by: [maker]
      guard: |
        open.numbers.all(a, open.numbers.all(b, open.numbers.all(c, open.numbers.all(d, a + b + c + d > 0))))
`

// longer gives the template with lists of any length, as [template.Compile] takes it
// from nobody, and a log could be kept by it all the same.
func longer(t *testing.T, sound *template.Template) *template.Template {
	t.Helper()
	tpl := have(template.Parse(bytes.ReplaceAll(sound.Canonical(), []byte(`"max":"4"`), []byte(`"max":"5000"`))))(t)
	if _, err := template.Compile(tpl.Definition()); err == nil {
		t.Fatal("Compile accepts it")
	}
	return tpl
}

// slowly begins a tray of costly, which another version let in.
func slowly(t *testing.T) *forger {
	t.Helper()
	f := &forger{world: newWorld(t, "deal.yaml")}
	f.tpl = longer(t, inline(t, costly))
	line := f.line(&entry.Entry{Time: f.clock.UTC(), Author: f.actor("anna").me.ID(), Key: f.public(f.actor("anna").signer).String(), Ops: []entry.Op{
		&entry.Create{Format: entry.Format, Nonce: f.nonce(), Suite: "classic", Template: f.tpl.Digest()}, f.admit("anna", "maker"), f.admit("rita", "reader"),
	}}, f.actor("anna").signer)
	f.id = sign.Sum(line)
	if err := f.store.Append(f.ctx, store.Head{Tray: f.id}, line, f.tpl.Canonical()); err != nil {
		t.Fatal(err)
	}
	f.sets(1, "open", "sealed", "diary")
	f.put(f.by("anna", f.write("heavy", "anna", "numbers", []any{int64(1)})))
	return f
}

// sets has anna commit a number to sections, with whatever goes with it.
func (f *forger) sets(number int, sections ...string) {
	f.Helper()
	d := f.trayOf(f.actor("anna")).Draft()
	for _, s := range sections {
		d.Set(s+".numbers", []any{number})
	}
	if err := d.Commit(f.ctx); err != nil {
		f.Fatal(err)
	}
}

// put has the host take a line.
func (f *forger) put(line []byte) {
	f.Helper()
	if err := f.append(line, false); err != nil {
		f.Fatal(err)
	}
	f.blobs = nil
}

// recorded gives the event with outcomes that somebody recorded, in order.
func (f *forger) recorded(event string, outcomes ...rules.Result) *entry.Fire {
	f.Helper()
	op := f.fire(event, "maker", "anna")
	if len(op.Outcomes) != len(outcomes) {
		f.Fatalf("%s needs %v", event, op.Outcomes)
	}
	for i, o := range outcomes {
		op.Outcomes[i].Result = string(o)
	}
	return op
}

// leaves demands that an error says, and nothing besides, that a condition of an entry was not run.
func leaves(t *testing.T, what string, err error, seq uint64, condition string) {
	t.Helper()
	var left *UndecidedError
	if !errors.As(err, &left) || left.Seq != seq || left.Condition != condition || left.Instance != "" {
		t.Errorf("%s: %v", what, err)
		return
	}
	if errors.As(err, new(*Refusal)) || errors.As(err, new(*ForkError)) || errors.Is(err, store.ErrConflict) || !errors.Is(err, rules.ErrTooDear) {
		t.Errorf("%s: it is more than undecided: %v", what, err)
	}
	if !strings.Contains(err.Error(), condition) {
		t.Errorf("%s: it does not name the condition: %v", what, err)
	}
}

// TestUndecided brings entries that record outcomes of public conditions which this
// program does not run. Whether they are valid depends on what it would cost, so it
// does not call them either.
func TestUndecided(t *testing.T) {
	for _, c := range []struct {
		name, condition string
		entry           func(f *forger) []byte
	}{
		{"a guard", "guard.stop", func(f *forger) []byte { return f.by("anna", f.recorded("stop", rules.Pass)) }},
		{"a section's validity", "valid.heavy", func(f *forger) []byte {
			return f.by("anna", f.recorded("weigh", rules.Pass, rules.Pass))
		}},
		{"what is compared at a write", "change.diary", func(f *forger) []byte {
			w := f.write("diary", "anna", "numbers", []any{int64(2)})
			op := f.attest("pass", "change.diary")
			op.On[0] = w.Revision
			return f.by("anna", w, op)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := slowly(t)
			before := f.state().Head()
			line := c.entry(f)
			leaves(t, "the host", f.append(line, false), before.Length, c.condition)
			if f.length() != before.Length || f.state().Head() != before {
				t.Error("the host stored it")
			}
			e := f.entryOf(line)
			_, err := f.state().applyVerified(e, sign.Sum(line))
			leaves(t, "its author", err, before.Length, c.condition)

			host, _ := f.planted(t, line, false)
			_, err = host.State(f.ctx, f.id)
			leaves(t, "a host that was given it", err, before.Length, c.condition)
			rita := f.actor("rita").me
			_, err = Open(f.ctx, host, f.id, rita)
			leaves(t, "a reader", err, before.Length, c.condition)

			tr, err := OpenAt(f.ctx, host, before, rita)
			leaves(t, "a reader who was there", err, before.Length, c.condition)
			if tr == nil || tr.State().Head() != before {
				t.Fatal("he has no handle at what he knew")
			}
			leaves(t, "Sync", tr.Sync(f.ctx), before.Length, c.condition)
			d := tr.Draft()
			d.Note("mind this")
			leaves(t, "a commit behind it", d.Commit(f.ctx), before.Length, c.condition)

			r := have(Verify(f.ctx, host, f.id, &before, rita))(t)
			if r.Verified || r.Refusal != nil || r.Fork != nil || !r.Pinned || r.Head != before {
				t.Errorf("the report: %v", r)
			}
			leaves(t, "the report", r.Undecided, before.Length, c.condition)
			if !strings.Contains(r.String(), "\nundecided: ") {
				t.Errorf("the report: %v", r)
			}

			told := 0
			for ev, err := range host.Events(f.ctx, "") {
				if told++; err != nil || (ev.Type == Unverified) != (ev.Seq == before.Length) || ev.Refusal != nil {
					t.Errorf("the event of entry %d: %s, %v", ev.Seq, ev.Type, err)
				}
				if ev.Type == Unverified {
					leaves(t, "the event", ev.Undecided, before.Length, c.condition)
					text := string(have(ev.CloudEvent("/trays"))(t))
					if !strings.Contains(text, `"undecided":{"seq":`) || !strings.Contains(text, `"condition":"`+c.condition+`"}}`) || strings.Contains(text, `"time"`) {
						t.Error(text)
					}
				}
			}
			if told != int(before.Length)+1 {
				t.Errorf("%d events", told)
			}

			// Who pinned a head behind it had decided it.
			after := store.Head{Tray: f.id, Length: before.Length + 1, Hash: sign.Sum(line)}
			tr, err = OpenAt(f.ctx, host, after, rita)
			if err != nil || tr.State().Head() != after {
				t.Errorf("from a head behind it: %v", err)
			}
		})
	}
}

// TestInvalidEvenSo brings entries with outcomes that are not run, and which are invalid
// whatever these are.
func TestInvalidEvenSo(t *testing.T) {
	f := slowly(t)
	diary := f.write("diary", "anna", "numbers", []any{int64(2)})
	change := func(outcome string, id ...string) *entry.Attest {
		op := f.attest(outcome, id...)
		op.On[0] = diary.Revision
		return op
	}
	twice := change("pass", "change.diary")
	twice.Outcomes = append(twice.Outcomes, twice.Outcomes[0])
	for _, c := range []struct {
		name string
		code Code
		line []byte
	}{
		{"a guard that fails", Blocked, f.by("anna", f.recorded("stop", rules.Fail))},
		{"a guard that is not recorded", BadOutcome, f.by("anna", &entry.Fire{Role: "maker", Event: "stop", From: "begun", To: "done"})},
		{"a guard of which nobody fires the event", NoRight, f.by("rita", f.recorded("stop", rules.Pass))},
		{"a false outcome behind it", BadOutcome, f.by("anna", f.recorded("weigh", rules.Pass, rules.Fail))},
		{"what is compared fails", Blocked, f.by("anna", diary, change("fail", "change.diary"))},
		{"what is compared is not recorded", Blocked, f.by("anna", diary)},
		{"what is compared, twice", BadOrder, f.by("anna", diary, twice)},
		{"an event behind it that is none", NotFound, f.by("anna", diary, change("pass", "change.diary"), &entry.Fire{Role: "maker", Event: "none", From: "begun", To: "done"})},
	} {
		var left *UndecidedError
		if err := f.append(c.line, false); !errors.Is(err, c.code) || errors.As(err, &left) {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
		host, _ := f.planted(t, c.line, false)
		if r := have(Verify(f.ctx, host, f.id, nil, nil))(t); r.Refusal == nil || r.Refusal.Code != c.code || r.Undecided != nil {
			t.Errorf("%s: the report: %v", c.name, r)
		}
	}
}

// What its author's program does not run, he does not record: he is told, and may do
// whatever does not need it.
func TestUndecidedDraft(t *testing.T) {
	f := slowly(t)
	anna := f.trayOf(f.actor("anna"))
	before := f.length()
	fire := anna.Draft()
	fire.Fire("stop")
	leaves(t, "an event", fire.Commit(f.ctx), before, "guard.stop")
	write := anna.Draft()
	write.Set("diary.numbers", []any{2})
	leaves(t, "a write", write.Commit(f.ctx), before, "change.diary")
	sum := anna.Draft()
	sum.Set("sums.numbers", []any{2})
	leaves(t, "a computed field", sum.Commit(f.ctx), before, "valid.sums")
	if f.length() != before {
		t.Error("something was stored")
	}
	for name, can := range map[string]func() ([]Blocker, error){
		"guard.stop":   func() ([]Blocker, error) { return anna.Can(f.ctx, "stop") },
		"change.diary": func() ([]Blocker, error) { return write.Can(f.ctx) },
	} {
		blockers, err := can()
		if err != nil || len(blockers) != 1 || blockers[0].Need != NeedDecision || blockers[0].Name != name {
			t.Fatalf("%s waits for %v, %v", name, blockers, err)
		}
		b := blockers[0]
		if text := b.String(); !strings.HasSuffix(text, "is not evaluated by this program, since it could take too long") {
			t.Error(text)
		}
		if text := b.Message(f.tpl, "en"); !strings.HasPrefix(text, "this program cannot check: “") || strings.Contains(text, "can do") {
			t.Error(text)
		}
	}
	if blockers := f.state().waitsFor(f.tpl.Event("stop")); len(blockers) != 1 || blockers[0].Need != NeedDecision {
		t.Errorf("by the log alone, stop waits for %v", blockers)
	}
	tasks := have(anna.Waiting(f.ctx))(t)
	i := slices.IndexFunc(tasks, func(x Task) bool { fire, ok := x.(TaskFire); return ok && fire.Event == "stop" })
	if i < 0 || len(tasks[i].(TaskFire).Blockers) != 1 || tasks[i].(TaskFire).Blockers[0].Need != NeedDecision {
		t.Errorf("what waits: %v", tasks)
	}
	f.sets(2, "open", "heavy") // on goes the rest
	r := have(Verify(f.ctx, f.host, f.id, nil, f.actor("anna").me))(t)
	if !r.Verified || r.Undecided != nil {
		t.Errorf("a log in which nothing was decided: %v", r)
	}
	for _, c := range r.Conditions {
		_, section, _ := strings.Cut(c.Condition, ".")
		want := map[string]Basis{"heavy": Undecided, "sums": Undecided, "diary": Public, "stop": Undecided, "weigh": Public, "open": Public, "sealed": Checked, "slow": Unsaid}[section]
		if c.Basis != want || (c.Result == "") != (want == Undecided) {
			t.Errorf("%s: %q, %s, want %s", c.Condition, c.Result, c.Basis, want)
		}
	}
	if !strings.Contains(r.String(), "\ncondition guard.stop: undecided\n") {
		t.Error(r)
	}
}

// A word on what the verifier does not run again is somebody's word: neither false, nor
// checked. And nobody attests what he did not run.
func TestUndecidedWord(t *testing.T) {
	f := slowly(t)
	anna := f.trayOf(f.actor("anna"))
	about := func(r *Report) ConditionReport {
		return r.Conditions[slices.IndexFunc(r.Conditions, func(c ConditionReport) bool { return c.Condition == "rule.slow" })]
	}
	verified := func() *Report { return have(Verify(f.ctx, f.host, f.id, nil, f.actor("rita").me))(t) }
	if c := about(verified()); c.Basis != Unsaid {
		t.Errorf("a commit attested what it did not run: %v", c)
	}
	err := anna.Draft().Commit(f.ctx)
	if !errors.Is(err, ErrNothing) || !errors.Is(err, rules.ErrTooDear) {
		t.Errorf("there is something to commit: %v", err)
	}
	fire := anna.Draft()
	fire.Fire("go")
	var refusal *Refusal
	if err := fire.Commit(f.ctx); !errors.As(err, &refusal) || refusal.Code != Blocked || len(refusal.Blockers) != 1 {
		t.Fatalf("an event that waits for a word: %v", err)
	}
	if b := &refusal.Blockers[0]; b.Need != NeedAttestation || b.Name != "rule.slow" || !errors.Is(b.Err, rules.ErrTooDear) ||
		!strings.HasSuffix(b.String(), "it is not run, since it could take too long)") || strings.Contains(b.String(), "once that works") ||
		!strings.HasSuffix(b.Message(f.tpl, "en"), "this program does not make that check: it could take too long") {
		t.Errorf("blocked by %v; %s", b, b.Message(f.tpl, "en"))
	}
	tasks := have(anna.Waiting(f.ctx))(t)
	if i := slices.IndexFunc(tasks, func(x Task) bool { a, ok := x.(TaskAttest); return ok && a.Condition == "rule.slow" }); i < 0 ||
		tasks[i].(TaskAttest).Result != "" || !errors.Is(tasks[i].(TaskAttest).Err, rules.ErrTooDear) {
		t.Errorf("what waits: %v", tasks)
	}

	for _, engine := range []string{rules.Engine, "another"} {
		for _, outcome := range []string{"fail", "error", "pass"} {
			op := f.attest(outcome, "rule.slow")
			op.Engine = engine
			f.put(f.by("anna", op)) // whose program runs it
			r := verified()
			if c := about(r); !r.Verified || r.Undecided != nil || c.Basis != Attested || c.Result != outcome || len(r.Doubted) > 0 {
				t.Errorf("%s, said by %s: %v, doubted %v", outcome, engine, c, r.Doubted)
			}
		}
	}
	if err := anna.Sync(f.ctx); err != nil {
		t.Fatal(err)
	}
	again := anna.Draft()
	again.Fire("go")
	if err := again.Commit(f.ctx); err != nil {
		t.Errorf("on somebody's word: %v", err)
	}
	if c := about(verified()); c.Basis != Attested || c.Seq != f.length()-2 {
		t.Errorf("the word was replaced: %v", c)
	}
}

// What a host elsewhere cannot tell goes to a handle as JSON, and is there what it was:
// nothing that could be taken for a refusal.
func TestUndecidedGoesThroughJSON(t *testing.T) {
	for _, want := range []UndecidedError{{Seq: 7, Condition: "guard.stop"}, {Seq: 1 << 52, Condition: "rule.slow", Instance: "someone"}} {
		text := have(json.Marshal(&want))(t)
		var got UndecidedError
		if err := json.Unmarshal(text, &got); err != nil || got != want {
			t.Fatalf("%s gives %+v: %v", text, got, err)
		}
		var err error = &got
		if !errors.Is(err, rules.ErrTooDear) || errors.As(err, new(*Refusal)) || err.Error() != want.Error() {
			t.Errorf("%s arrives as %v", text, err)
		}
	}
}
