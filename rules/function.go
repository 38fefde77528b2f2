package rules

import (
	"errors"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A Function is a host's own: a pure function of its arguments, called in
// expressions by name, or on its first argument where Member is set. Whoever
// does not run this host cannot replay a condition that calls it, so its
// [Info] is not Replayable.
type Function struct {
	Name   string
	Member bool
	Args   []Kind // scalars
	Result Kind   // a scalar; a text has at most 1000 code points, a decimal or money the scale that Call gives it
	// Call gets and returns values in their canonical form. It must be safe
	// for concurrent use. The text of its error becomes part of the verdict's,
	// so it must hold no values.
	Call func(args []any) (any, error)
}

var errHost = errors.New("a function of the host gave a value of another type")

// A hostError carries what a host's function says through the engine.
type hostError struct{ err error }

func (e *hostError) Error() string { return e.err.Error() }
func (e *hostError) Unwrap() error { return e.err }

var scalarKinds = []Kind{KindText, KindInteger, KindDecimal, KindMoney, KindBoolean, KindDate, KindDatetime, KindDuration}

// functions declares the host's functions.
func (c *compiler) functions(fs []Function) []cel.EnvOption {
	var out []cel.EnvOption
	base, err := baseEnv()
	if err != nil {
		return nil // newEnv reports it
	}
	for _, f := range fs {
		where := "function " + f.Name
		bad := f.Call == nil || f.Member && len(f.Args) == 0 || !slices.Contains(scalarKinds, f.Result)
		for _, k := range f.Args {
			bad = bad || !slices.Contains(scalarKinds, k)
		}
		if bad {
			c.at(Position{}, where, "a function has a Call, and scalars as arguments and result")
			continue
		}
		if !functionName(f.Name) || base.HasFunction(f.Name) || c.hostFunctions[f.Name] {
			c.at(Position{}, where, "the name is taken, or is not of letters, digits and _")
			continue
		}
		c.hostFunctions[f.Name] = true
		args := make([]*cel.Type, len(f.Args))
		for i, k := range f.Args {
			args[i] = (&node{field: Field{Kind: k}}).celType()
		}
		result := &node{field: Field{Kind: f.Result}}
		overload := cel.Overload
		if f.Member {
			overload = cel.MemberOverload
		}
		out = append(out, cel.Function(f.Name, overload("host_"+f.Name, args, result.celType(), cel.FunctionBinding(f.call))))
	}
	return out
}

func functionName(name string) bool {
	return name != "" && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_')
	}) && (name[0] < '0' || name[0] > '9')
}

// call lets the engine call the host.
func (f Function) call(args ...ref.Val) ref.Val {
	values := make([]any, len(args))
	for i, arg := range args {
		n := &node{field: Field{Kind: f.Args[i]}}
		switch arg := arg.(type) {
		case decimal:
			n.field.Scale = arg.scale
		case money:
			n.field.Scale = arg.amount.scale
		}
		v, err := n.fromCEL(arg)
		if err != nil {
			return celError(errHost)
		}
		if v == nil {
			v = "" // an empty text is a value between functions
		}
		values[i] = v
	}
	out, err := f.Call(values)
	if err != nil {
		return celError(&hostError{err})
	}
	n := &node{field: Field{Kind: f.Result}, sizeMax: defaultText}
	if s, ok := out.(string); ok && f.Result == KindDecimal {
		if d, ok := parseDecimal(s); ok {
			return d
		}
		return celError(errHost)
	}
	if s, ok := out.(string); ok && f.Result == KindMoney {
		if m, ok := parseMoney(s); ok {
			return m
		}
		return celError(errHost)
	}
	v, err := n.toCEL(out, f.Name)
	if err != nil || types.IsUnknown(v) { // unknown: a text beyond its maximum
		return celError(errHost)
	}
	return v
}
