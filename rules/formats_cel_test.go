package rules

import (
	"fmt"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

func formatEnv(t testing.TB) *cel.Env {
	t.Helper()
	env, err := cel.NewEnv(append(formatFunctions(), cel.Variable("s", cel.StringType), cel.Variable("d", cel.DynType))...)
	if err != nil {
		t.Fatal(err)
	}
	return env
}

func formatProgram(t testing.TB, env *cel.Env, expr string, options ...cel.ProgramOption) cel.Program {
	t.Helper()
	ast, issues := env.Compile(expr)
	if issues.Err() != nil {
		t.Fatalf("%s: %v", expr, issues.Err())
	}
	program, err := env.Program(ast, options...)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	return program
}

// TestFormatFunctions runs the cases of each format through its function.
func TestFormatFunctions(t *testing.T) {
	env := formatEnv(t)
	ran := 0
	for _, f := range formats {
		program := formatProgram(t, env, "s."+f.function+"()", cel.EvalOptions(cel.OptOptimize))
		for want, values := range map[bool][]string{true: formatCases[f.name].accept, false: formatCases[f.name].refuse} {
			for _, s := range values {
				ran++
				out, _, err := program.Eval(map[string]any{"s": s})
				if err != nil || out != types.Bool(want) {
					t.Errorf("%+q.%s() is %v (%v), want %v", s, f.function, out, err, want)
				}
			}
		}
	}
	if ran < 500 {
		t.Errorf("only %d cases", ran)
	}
	t.Logf("%d cases", ran)
}

// TestFormatOverloads has what functions take besides the string.
func TestFormatOverloads(t *testing.T) {
	env := formatEnv(t)
	for _, c := range []struct {
		expr string
		want bool
	}{
		{`"192.0.2.1".isIp(4)`, true},
		{`"192.0.2.1".isIp(6)`, false},
		{`"192.0.2.1".isIp(0)`, true},
		{`"192.0.2.1".isIp(5)`, false},
		{`"192.0.2.1".isIp(-1)`, false},
		{`"192.0.2.1".isIp(4294967300)`, false}, // 4 in 32 bits
		{`"::1".isIp(6)`, true},
		{`"::1".isIp(4)`, false},
		{`"::ffff:192.0.2.1".isIp(4)`, false},
		{`"::ffff:192.0.2.1".isIp(6)`, true},
		{`"192.0.2.0/24".isIpPrefix(4)`, true},
		{`"192.0.2.0/24".isIpPrefix(6)`, false},
		{`"192.0.2.0/24".isIpPrefix(7)`, false},
		{`"192.0.2.0/24".isIpPrefix(true)`, true},
		{`"192.0.2.7/24".isIpPrefix(true)`, false},
		{`"192.0.2.7/24".isIpPrefix(false)`, true},
		{`"2001:db8::/32".isIpPrefix(6, true)`, true},
		{`"2001:db8::1/32".isIpPrefix(6, true)`, false},
		{`"2001:db8::1/32".isIpPrefix(6, false)`, true},
		{`"2001:db8::1/32".isIpPrefix(0, false)`, true},
		{`"2001:db8::1/32".isIpPrefix(4, false)`, false},
		{`"example.com:80".isHostAndPort(true)`, true},
		{`"example.com".isHostAndPort(true)`, false},
		{`"example.com".isHostAndPort(false)`, true},
		{`"example.com:".isHostAndPort(false)`, false},
		{`"example.com:65536".isHostAndPort(false)`, false},
		{`"example.com:080".isHostAndPort(false)`, false},
		{`"example.com:8x".isHostAndPort(false)`, false},
		{`"example.com:0".isHostAndPort(true)`, true},
		{`"192.0.2.1:65535".isHostAndPort(true)`, true},
		{`"192.0.2.256:80".isHostAndPort(true)`, false},
		{`"[::1]:80".isHostAndPort(true)`, true},
		{`"[::1]".isHostAndPort(false)`, true},
		{`"[::1]".isHostAndPort(true)`, false},
		{`"::1:80".isHostAndPort(true)`, false},
		{`"[::1]80".isHostAndPort(true)`, false},
		{`"[::1]:".isHostAndPort(false)`, false},
		{`"[::1".isHostAndPort(false)`, false},
		{`"[192.0.2.1]:80".isHostAndPort(true)`, false},
		{`"".isHostAndPort(false)`, false},
		{`":80".isHostAndPort(true)`, false},
	} {
		out, _, err := formatProgram(t, env, c.expr).Eval(cel.NoVars())
		if err != nil || out != types.Bool(c.want) {
			t.Errorf("%s is %v (%v), want %v", c.expr, out, err, c.want)
		}
	}
}

func TestFormatFunctionLength(t *testing.T) {
	program := formatProgram(t, formatEnv(t), "s.isUri()")
	at := "a:" + strings.Repeat("b", maxFormatLength-2)
	for s, want := range map[string]bool{at: true, at + "b": false} {
		if out, _, err := program.Eval(map[string]any{"s": s}); err != nil || out != types.Bool(want) {
			t.Errorf("%d bytes: %v (%v)", len(s), out, err)
		}
	}
}

// TestFormatFunctionMisuse: another type is a mistake found at compile time, or
// an error of the evaluation where the type was not known; never a panic or false.
func TestFormatFunctionMisuse(t *testing.T) {
	env := formatEnv(t)
	for _, expr := range []string{
		`1.isVatIt()`, `isVatIt(s)`, `s.isVatIt(1)`, `s.isIp("4")`, `s.isIp(4.0)`, `s.isIpPrefix(true, 4)`, `s.isHostAndPort()`, `[s].isEmail()`,
	} {
		if _, issues := env.Compile(expr); issues.Err() == nil {
			t.Errorf("%s compiles", expr)
		}
	}
	for _, f := range formats {
		program := formatProgram(t, env, "d."+f.function+"()")
		for _, v := range []any{int64(1), 1.5, true, []byte("a@b"), []string{"a@b"}, map[string]string{"a": "b"}, nil} {
			if out, _, err := program.Eval(map[string]any{"d": v}); err == nil {
				t.Errorf("%s of a %T is %v", f.function, v, out)
			}
		}
	}
	for _, expr := range []string{`s.isIp(d)`, `s.isIpPrefix(d)`, `s.isIpPrefix(d, true)`, `s.isIpPrefix(4, d)`, `s.isHostAndPort(d)`} {
		program := formatProgram(t, env, expr)
		if out, _, err := program.Eval(map[string]any{"s": "::1", "d": "4"}); err == nil {
			t.Errorf("%s with a string is %v", expr, out)
		}
	}
}

// TestFormatFunctionUnknown: what cannot be read stays unknown.
func TestFormatFunctionUnknown(t *testing.T) {
	env := formatEnv(t)
	vars, err := cel.PartialVars(map[string]any{}, cel.AttributePattern("s"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		program := formatProgram(t, env, "s."+f.function+"()", cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval))
		if out, _, err := program.Eval(vars); err != nil || !types.IsUnknown(out) {
			t.Errorf("%s of a hidden value is %v (%v)", f.function, out, err)
		}
	}
}

// Formats as functions in a condition.
func Example_formats() {
	options := append(formatFunctions(), cel.Variable("vat", cel.StringType), cel.Variable("phone", cel.StringType))
	env, err := cel.NewEnv(options...)
	if err != nil {
		fmt.Println(err)
		return
	}
	ast, issues := env.Compile(`vat.isVatIt() && phone.isPhone()`)
	if issues.Err() != nil {
		fmt.Println(issues.Err())
		return
	}
	program, err := env.Program(ast)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, phone := range []string{"+390612345678", "name@example.com"} {
		out, _, err := program.Eval(map[string]any{"vat": "00743110157", "phone": phone})
		fmt.Println(out, err)
	}
	// Output:
	// true <nil>
	// false <nil>
}
