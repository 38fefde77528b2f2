package peers

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	library "buf.build/go/protovalidate/cel"
	"cel.dev/cel-go/cel"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/vassoio/vassoio/rules"
)

// shared are the functions that package rules has under protovalidate's names, each
// with its overloads, texts to begin from, and the rule of [grammar] that decides
// between the two where they differ.
var shared = []struct {
	grammar string
	calls   []string
	texts   []string
}{
	{"", []string{"isEmail()"}, []string{
		"a@b", "nome.cognome+ordini@sub.example.it", "!#$%&'*+/=?^_`{|}~-@x", ".a..b.@1.2", "\"a b\"@example.com", "a@[192.0.2.1]",
		"a@" + strings.Repeat("b", 63), "a@xn--fsq.example", "è@example.com",
	}},
	{"", []string{"isHostname()"}, []string{
		"example.com", "LOCALHOST", "a-b.c.", "1.a", "1.2.3.4a", "a.1", "192.0.2.1", "xn--fsq.it", "a--b",
		strings.Repeat("a.", 126) + "a", strings.Repeat("a.", 126) + "a.", strings.Repeat("a", 63) + ".b",
	}},
	{"place", []string{"isHostAndPort(false)", "isHostAndPort(true)"}, []string{
		"example.com:443", "example.com", "192.0.2.1:0", "[2001:db8::1]:65535", "[::1]", "[fe80::1%a]b]:8", "a.:1", "1:65536", "a:01",
		"::1:80", "[::ffff:192.0.2.1]:9",
	}},
	{"ip", []string{"isIp()", "isIp(4)", "isIp(6)", "isIp(0)", "isIp(5)"}, []string{
		"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:DB8:0:0:0:0:0:1", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
		"::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "1::3:4:5:6:192.0.2.1", "fe80::1%eth0", "fe80::1%25è", "01.2.3.4",
	}},
	{"net", []string{
		"isIpPrefix()", "isIpPrefix(true)", "isIpPrefix(false)", "isIpPrefix(4)", "isIpPrefix(6)", "isIpPrefix(0)", "isIpPrefix(7)",
		"isIpPrefix(4, true)", "isIpPrefix(6, true)", "isIpPrefix(0, true)", "isIpPrefix(6, false)",
	}, []string{
		"192.0.2.0/24", "192.0.2.7/24", "0.0.0.0/0", "1.2.3.4/32", "1.2.3.4/33", "::/0", "2001:db8::/32", "2001:db8::1/64", "::1/128",
		"::1/129", "::ffff:192.0.2.0/120", "fe80::%a/64", "1.2.3.4/08",
	}},
	{"uri", []string{"isUri()"}, uris},
	{"ref", []string{"isUriRef()"}, uris},
}

var uris = []string{
	"https://user:pw@example.com:8080/a/b;c=1?q=x&r=y#f", "urn:isbn:0451450523", "mailto:a@b.it", "a:", "a+b-c.1:x", "file:///etc",
	"https://[2001:db8::1]:443/", "https://[v1.a:b]/", "https://[fe80::1%25eth0]/", "//[fe80::1%25]/", "http://[::ffff:192.0.2.1]", "http://a?b?c/d#e?f",
	"http://%C3%A8.it/%ff", "x:a//b", "//example.com/a", "../a:b", "a:b/c", "?q#f", "http://!$&'()*+,;=@a/", "http://a/è", "1a:b",
	"http://a:/", "http://a:99999999/", "@", "./:", "//@:", "http://[v1.%61]",
}

const uuidText = "123e4567-e89b-42d3-A456-426614174000"

// TestFormats: on the texts above, and on what chance makes of them, each function
// that package rules has under protovalidate's name gives protovalidate's answer.
// Now and then protovalidate departs from the RFC that it names; README.md says
// where. It counts as agreement if the RFC's own grammar gives our answer.
func TestFormats(t *testing.T) {
	total := 0
	for _, s := range shared {
		n, held, departs := 0, 0, 0
		for _, call := range s.calls {
			theirs, ours := libraryFunction(t, call), rulesFunction(t, call)
			// The grammar can refuse for a function that takes less than it does, but not accept.
			narrow := strings.ContainsAny(call, "457") || strings.Contains(call, "true")
			taken := 0
			tried := eachText(s.texts, func(text string) {
				want := theirs(text)
				if want {
					taken++
				}
				switch got := ours(text); {
				case got == want:
				case s.grammar != "" && grammar[s.grammar].MatchString(text) == got && (!got || !narrow):
					departs++
				default:
					t.Errorf("%s of %+q: %v, want %v", call, text, got, want)
				}
			})
			n, held = n+tried, held+taken
			if impossible := call == "isIp(5)" || call == "isIpPrefix(7)"; (taken == 0) != impossible {
				t.Errorf("%s took %d texts", call, taken)
			}
		}
		if departs > n/50 {
			t.Errorf("%d of %d answers are the grammar's alone", departs, n)
		}
		t.Logf("%s: %d answers, %d of them true, %d the RFC's and not protovalidate's", strings.Join(s.calls, " "), n, held, departs)
		total += n
	}
	theirs, ours, held := standardUUID(t), rulesFunction(t, "isUuid()"), 0
	n := eachText([]string{uuidText}, func(text string) {
		want := theirs(text)
		if want {
			held++
		}
		if got := ours(text); got != want {
			t.Errorf("isUuid() of %+q: %v, want %v", text, got, want)
		}
	})
	if held == 0 {
		t.Error("no UUID")
	}
	t.Logf("isUuid(): %d answers, %d of them true", n, held)
	if total += n; total < 100_000 {
		t.Errorf("only %d answers", total)
	}
}

// eachText gives each text, each with every byte replaced, removed and doubled, and
// texts put together of halves of two. It returns how many it gave.
func eachText(texts []string, f func(string)) int {
	const bytes = "\x00\n %+-./09:@AFGZ[]_agvz~#?"
	r := rand.New(rand.NewPCG(3, 4))
	n := 0
	give := func(s string) {
		// What is empty or no UTF-8 is a text in neither.
		if s != "" && utf8.ValidString(s) {
			f(s)
			n++
		}
	}
	for _, s := range texts {
		give(s)
		for i := range len(s) {
			give(s[:i])
			give(s[i:])
			give(s[:i] + s[i+1:])
			give(s[:i+1] + s[i:])
			for range 4 {
				c := bytes[r.IntN(len(bytes))]
				give(s[:i] + string(c) + s[i+1:])
				give(s[:i] + string(c) + s[i:])
			}
		}
	}
	for range 4000 {
		a, b := texts[r.IntN(len(texts))], texts[r.IntN(len(texts))]
		give(a[:r.IntN(len(a)+1)] + b[r.IntN(len(b)+1):])
	}
	return n
}

func libraryFunction(t *testing.T, call string) func(string) bool {
	t.Helper()
	env, err := cel.NewEnv(cel.Lib(library.NewLibrary()), cel.Variable("s", cel.StringType))
	if err != nil {
		t.Fatal(err)
	}
	ast, issues := env.Compile("s." + call)
	if issues.Err() != nil {
		t.Fatal(issues.Err())
	}
	program, err := env.Program(ast)
	if err != nil {
		t.Fatal(err)
	}
	return func(s string) bool {
		out, _, err := program.Eval(map[string]any{"s": s})
		if err != nil {
			t.Fatalf("%s of %+q: %v", call, s, err)
		}
		return out.Value().(bool)
	}
}

func rulesFunction(t *testing.T, call string) func(string) bool {
	t.Helper()
	set, err := rules.Compile(rules.Definition{
		Sections: []rules.Section{{Name: "a", Fields: []rules.Field{{Name: "s", Kind: rules.KindText, Max: "600"}}}},
		Rules:    []rules.Rule{{ID: "r", Expr: "a.s." + call, At: []string{"submit"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(s string) bool {
		in := set.Input()
		if err := in.Section("a", map[string]any{"s": s}); err != nil {
			t.Fatalf("%+q: %v", s, err)
		}
		v := set.Eval("rule.r", in)
		if v.Result != rules.Pass && v.Result != rules.Fail {
			t.Fatalf("%s of %+q: %s", call, s, v.Result)
		}
		return v.Result == rules.Pass
	}
}

// standardUUID is protovalidate's rule on a field, since it has no function for it.
func standardUUID(t *testing.T) func(string) bool {
	t.Helper()
	field := describeField("s", 0, descriptorpb.FieldDescriptorProto_TYPE_STRING, "")
	field.Options = &descriptorpb.FieldOptions{}
	proto.SetExtension(field.Options, validate.E_Field, &validate.FieldRules{
		Type: &validate.FieldRules_String_{String_: &validate.StringRules{
			WellKnown: &validate.StringRules_Uuid{Uuid: true},
		}},
	})
	message := mustDescribe(&descriptorpb.DescriptorProto{
		Name: proto.String("Text"), Field: []*descriptorpb.FieldDescriptorProto{field},
	})
	validator, err := protovalidate.New(protovalidate.WithMessageDescriptors(message))
	if err != nil {
		t.Fatal(err)
	}
	return func(s string) bool {
		m := dynamicpb.NewMessage(message)
		m.Set(message.Fields().Get(0), protoreflect.ValueOfString(s))
		return validator.Validate(m) == nil
	}
}
