package tray

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/section"
)

// contents are the exported types that are contents, or what opens or proves one:
// to print them is to print values, and their documentation says so.
var contents = []string{"section.Content", "section.Revision", "section.Proof", "section.Salt"}

// The number is long, so that no hash holds it by chance.
const planted, plantedNumber = "xyzzy", 7654321987654

// shows gives the ways in which something that was planted appears.
func shows(x any, secrets []string) (ways []string) {
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%U", "%e"} {
		out[verb] = fmt.Sprintf(verb, x)
	}
	if b, err := json.Marshal(x); err == nil {
		out["json"] = string(b)
	}
	var text, object bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "x", x)
	slog.New(slog.NewJSONHandler(&object, nil)).Info("x", "x", x)
	out["slog text"], out["slog json"] = text.String(), object.String()
	for way, s := range out {
		if slices.ContainsFunc(secrets, func(secret string) bool {
			return strings.Contains(strings.ToLower(s), strings.ToLower(secret))
		}) {
			ways = append(ways, way)
		}
	}
	slices.Sort(ways)
	return ways
}

// forms are a secret as the verbs write it.
func forms(secret string) []string {
	return []string{secret, hex.EncodeToString([]byte(secret)), strings.Trim(fmt.Sprint([]byte(secret)), "[]"), base64.StdEncoding.EncodeToString([]byte(secret)), strings.Trim(fmt.Sprintf("%U", []byte(secret)), "[]")}
}

// holders gives an example of each exported type that can hold contents or keys,
// with what was planted in it.
func holders(t *testing.T) (examples []any, secrets []string) {
	w := play(t, "deal.yaml", deal+"anna: note "+planted+"\n")
	anna := w.trayOf(w.actor("anna"))
	d := anna.Draft()
	d.Set("customer.company", planted)
	d.Set("products.amount", plantedNumber)
	d.Note(planted)
	d.Reason(planted)
	d.Set("customer.nothing", planted)
	if d.Commit(w.ctx) == nil {
		t.Fatal("committed")
	}
	one, two := anna.Draft(), anna.Draft()
	one.Set("customer.company", planted)
	two.Set("customer.company", planted+" two")
	if err := one.Commit(w.ctx); err != nil {
		t.Fatal(err)
	}
	var conflict *ConflictError
	if err := two.Commit(w.ctx); !errors.As(err, &conflict) || conflict.Conflicts[0].Mine != planted+" two" {
		t.Fatal(err)
	}
	wrong := anna.Draft()
	wrong.Set("customer.phone", planted)
	wrong.Set("customer.vat", planted)
	wrong.Fire("submit")
	var refusal *Refusal
	if err := wrong.Commit(w.ctx); !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	view, err := anna.View(w.ctx)
	if err != nil || view.Text("customer.company") != planted {
		t.Fatal(err)
	}
	var note Text
	for x, err := range anna.Texts(w.ctx) {
		if err != nil {
			t.Fatal(err)
		}
		note = x
	}
	if note.Body() != planted {
		t.Fatal("no note")
	}
	in := w.tpl.Rules().Input()
	if err := in.Section("customer", map[string]any{"company": planted, "phone": planted}); err != nil {
		t.Fatal(err)
	}
	if err := in.Old("customer", map[string]any{"company": planted}); err != nil {
		t.Fatal(err)
	}
	verdict := w.tpl.Rules().Eval("valid.customer", in)
	if len(verdict.Violations) == 0 {
		t.Fatalf("no violation: %v", verdict)
	}
	coverage, err := w.tpl.Rules().Coverage()
	if err != nil {
		t.Fatal(err)
	}
	in.Observe(coverage)
	w.tpl.Rules().Eval("valid.customer", in)
	link, err := newLink(section.Classic)
	if err != nil {
		t.Fatal(err)
	}
	broken := evalError(t)
	me := w.actor("anna").me
	secrets = slices.Concat(forms(planted), []string{fmt.Sprint(plantedNumber), fmt.Sprintf("%x", plantedNumber)},
		forms(string(w.actor("anna").signer.Seed())[:6]), forms(link.secret.Reveal()[20:40]), forms(me.Readers()[0].Reveal()[20:40]))
	return []any{anna, d, *d, view, *view, view.Section("customer"), *view.Section("customer"), note, &note, me, *me, link, &link,
		conflict, *conflict, conflict.Conflicts, conflict.Conflicts[0], &conflict.Conflicts[0], refusal, *refusal,
		refusal.Blockers, refusal.Blockers[0], &refusal.Blockers[0], view.State, *view.State, w.host,
		in, *in, verdict, &verdict, verdict.Violations, verdict.Violations[0], &verdict.Violations[0], w.tpl.Rules(), *w.tpl.Rules(), coverage,
		broken, *broken, &rules.ComputeError{Section: "s", Broken: []*rules.EvalError{broken}}, rules.ComputeError{Section: "s", Broken: []*rules.EvalError{broken}}, Event{Refusal: refusal}, Report{Refusal: refusal}, TaskEdit{Violations: verdict.Violations}, TaskFire{Blockers: refusal.Blockers},
		me.Readers()[0], &me.Readers()[0]}, secrets
}

// talkative is an application's error, which says what it was about.
type talkative struct{ Value string }

func (e talkative) Error() string { return e.Value }

// evalError is what an application's error is wrapped in.
func evalError(t *testing.T) *rules.EvalError {
	ask := rules.Function{Name: "ask", Result: rules.KindBoolean, Call: func([]any) (any, error) { return nil, talkative{planted} }}
	set, err := rules.Compile(rules.Definition{Functions: []rules.Function{ask}, Conditions: []rules.Condition{{ID: "c", Expr: "ask()"}}})
	if err != nil {
		t.Fatal(err)
	}
	var broken *rules.EvalError
	if err := set.Eval("c", set.Input()).Err; !errors.As(err, &broken) || !errors.Is(err, talkative{planted}) {
		t.Fatal(err)
	}
	return broken
}

// Nothing that holds contents or keys shows them when it is printed, logged or
// marshaled, whichever way, as a value and by its address.
func TestNothingPrintsValues(t *testing.T) {
	examples, secrets := holders(t)
	for _, x := range examples {
		for _, x := range []any{x, struct{ X any }{x}, []any{x}, map[string]any{"x": x}} {
			if ways := shows(x, secrets); len(ways) > 0 {
				t.Errorf("%T shows a value by %v", x, ways)
			}
		}
	}
	if len(shows(section.Content{"a": planted}, secrets)) < 8 {
		t.Error("not even a content is found")
	}
}

// Every exported type is among the examples, is content, or cannot hold any.
func TestEveryTypeIsLookedAt(t *testing.T) {
	examples, _ := holders(t)
	known := slices.Clone(contents)
	for _, x := range examples {
		of := reflect.TypeOf(x)
		for of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		known = append(known, of.String())
	}
	for _, x := range bare {
		known = append(known, reflect.TypeOf(x).String())
		if way := reaches(reflect.TypeOf(x), map[reflect.Type]bool{}); way != "" {
			t.Errorf("%T can hold a value: %s", x, way)
		}
	}
	count := 0
	for name, dir := range map[string]string{"tray": ".", "section": "../section", "rules": "../rules"} {
		for _, spec := range exportedTypes(t, dir) {
			count++
			if _, method := spec.Type.(*ast.InterfaceType); !method && !slices.Contains(known, name+"."+spec.Name.Name) {
				t.Errorf("%s.%s is not looked at", name, spec.Name.Name)
			}
		}
	}
	if count < 90 {
		t.Errorf("only %d types", count)
	}
}

func exportedTypes(t *testing.T, dir string) (specs []*ast.TypeSpec) {
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), dir+"/"+file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.TYPE {
				for _, spec := range d.Specs {
					if s := spec.(*ast.TypeSpec); s.Name.IsExported() {
						specs = append(specs, s)
					}
				}
			}
		}
	}
	return specs
}

// bare are the exported types that have no room for a value: only for ids, names,
// and what a template or a schema says.
var bare = []any{
	section.Code(""), section.ContradictionError{}, section.EncodingError{}, section.Field{}, section.Header{}, section.Kind(""), section.Path{},
	section.Problem{}, section.Recipient{}, section.Root{}, section.Schema{}, section.SchemaError{}, section.Slot{}, section.Step{}, section.Suite(""), section.ValuesError{},
	rules.Branch{}, rules.Choice{}, rules.Condition{}, rules.Definition{}, rules.Demand{}, rules.Diagnostic{}, rules.Diagnostics{}, rules.Fact{}, rules.Field{},
	rules.Format{}, rules.Function{}, rules.Info{}, rules.Kind(""), rules.Library{}, rules.LibraryError{}, rules.Position{}, rules.Positions{}, rules.Result(""),
	rules.Rule{}, rules.Section{}, rules.Text{}, rules.ValueError{}, rules.Warning{},
	Archive{}, Basis(""), Card(""), Code(""), ConditionReport{}, EventType(""), ForkError{}, UndecidedError{}, Inventory{}, Invite{}, InviteStatus(""), Need(""), Owed{}, Person{},
	SectionReport{}, SignatureReport{}, Status(""), Step{}, TextKind(""),
	DidAdmit{}, DidAttest{}, DidCreate{}, DidDismiss{}, DidFire{}, DidInvite{}, DidJoin{}, DidNotRead{}, DidNote{}, DidRekey{}, DidShare{}, DidSign{}, DidWithdraw{}, DidWrite{},
	TaskAttest{}, TaskReport{}, TaskShare{}, TaskSign{},
}

// reaches tells by which way a type can hold a value.
func reaches(of reflect.Type, seen map[reflect.Type]bool) string {
	if seen[of] {
		return ""
	}
	seen[of] = true
	switch of.Kind() {
	case reflect.Interface:
		if of.NumMethod() == 0 {
			return of.String()
		}
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return reaches(of.Elem(), seen)
	case reflect.Map:
		return reaches(of.Key(), seen) + reaches(of.Elem(), seen)
	case reflect.Struct:
		if of.PkgPath() == "time" || of.PkgPath() == "sync" {
			return ""
		}
		for i := range of.NumField() {
			if way := reaches(of.Field(i).Type, seen); way != "" {
				return of.String() + "." + of.Field(i).Name + " " + way
			}
		}
	}
	return ""
}
