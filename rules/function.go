package rules

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A Function is the application's own: a pure function of its arguments, called
// in expressions by name, or on its first argument where Member is set.
//
// A definition declares it, without its Call if need be: everybody can compile,
// price and list the conditions that call it, and whoever has the Call
// ([Set.With]) can evaluate them. Nobody else can, so their [Info] is not
// Replayable.
type Function struct {
	Name   string `json:"function"`         // a small letter, then letters, digits and _
	Member bool   `json:"member,omitempty"` // text.known() instead of known(text)
	Args   []Kind `json:"args,omitempty"`   // scalars
	Result Kind   `json:"result"`           // a scalar; a text has at most 1000 code points, a decimal or money the scale that Call gives it

	Pos Positions `json:"-"`
	// Call gets and returns values in their canonical form; an empty text is a
	// value here. It must be safe for concurrent use. What it returns beyond
	// the bounds of its kind is refused, and so is a panic of it: the outcome is
	// [Error], which wraps the error of Call and prints nothing of it. No time
	// bounds it and no context stops it: keep it to a look-up in memory.
	Call func(args []any) (any, error) `json:"-"`
}

// String gives the function as it is called, with its result: "known(text) boolean".
func (f Function) String() string {
	args := make([]string, len(f.Args))
	for i, k := range f.Args {
		args[i] = string(k)
	}
	s := f.Name
	if f.Member && len(args) > 0 {
		s, args = args[0]+"."+s, args[1:]
	}
	return s + "(" + strings.Join(args, ", ") + ") " + string(f.Result)
}

// same reports whether two functions are called alike.
func (f Function) same(o Function) bool {
	return f.Name == o.Name && f.Member == o.Member && f.Result == o.Result && slices.Equal(f.Args, o.Args)
}

// A callError says that a function or format of the application broke. It
// wraps why, and prints only which.
type callError struct {
	name, reason string
	cause        error
}

func (e *callError) Error() string { return e.name + " " + e.reason }
func (e *callError) Unwrap() error { return e.cause }

// How a function or format of the application can break.
const (
	brokeFailed   = "failed"
	brokePanicked = "panicked"
	brokeResult   = "gave a value that is not of its declared kind, or out of bounds"
	brokeArgument = "was given a value out of bounds"
)

var (
	scalarKinds  = []Kind{KindText, KindInteger, KindDecimal, KindMoney, KindBoolean, KindDate, KindDatetime, KindDuration}
	functionName = regexp.MustCompile(`^[a-z][A-Za-z0-9_]{0,62}$`)
)

// mistake says what is wrong with the declaration of a function; "" if nothing.
func (f Function) mistake() string {
	switch {
	case !functionName.MatchString(f.Name):
		return "names of functions are a small letter, then up to 62 letters, digits and _"
	case len(f.Args) > maxArguments:
		return "a function has at most " + strconv.Itoa(maxArguments) + " arguments"
	case f.Member && len(f.Args) == 0:
		return "a member function has an argument, on which it is called"
	case f.Result == "":
		return "a function has a result, of a scalar kind"
	}
	for _, k := range append(slices.Clone(f.Args), f.Result) {
		if !slices.Contains(scalarKinds, k) {
			return "arguments and results are of a scalar kind, not " + strconv.Quote(string(k)) + meantKind(string(k), kindNames(scalarKinds))
		}
	}
	return ""
}

func kindNames(kinds []Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}

// functions declares the functions of the application. What is lacking is told
// by name, so none has the name of a format.
func (c *compiler) functions(fs []Function, formats map[string]*Format) []cel.EnvOption {
	base, err := baseEnv()
	if err != nil {
		return nil // newEnv reports it
	}
	taken := append(sortedKeys(formats), calendarFunctions...)
	for _, m := range base.Macros() { // what the parser takes for a macro is none
		taken = append(taken, m.Function())
	}
	var out []cel.EnvOption
	for _, f := range fs {
		where := "function " + f.Name
		if mistake := f.mistake(); mistake != "" {
			c.at(f.Pos.of(""), where, mistake)
			continue
		}
		if base.HasFunction(f.Name) || slices.Contains(taken, f.Name) {
			c.at(f.Pos.of(""), where, "there is another function, or a format, of this name")
			continue
		}
		taken = append(taken, f.Name)
		c.functionsOf[f.Name] = f.Call != nil
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

// lackPrefix marks the trail of a function without a Call among the unknown's
// trails.
const lackPrefix = "!"

// call lets the engine call the application.
func (f Function) call(args ...ref.Val) ref.Val {
	if f.Call == nil {
		return unknown(lackPrefix + f.Name)
	}
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
		if text, ok := v.(string); err != nil || ok && len(text) > 4*maxText {
			return celError(&callError{name: f.Name + "()", reason: brokeArgument})
		}
		if v == nil {
			v = "" // an empty text is a value between functions
		}
		values[i] = v
	}
	out, err := f.guarded(values)
	if err != nil {
		return celError(err)
	}
	if val, ok := f.result(out); ok {
		return val
	}
	return celError(&callError{f.Name + "()", brokeResult, errResult})
}

var (
	errPanic  = errors.New("a panic")
	errResult = errors.New("another kind of value")
)

// guarded calls the application, and survives it.
func (f Function) guarded(args []any) (out any, err error) {
	defer func() {
		if recover() != nil { // what it says may hold values
			out, err = nil, &callError{f.Name + "()", brokePanicked, errPanic}
		}
	}()
	if out, err = f.Call(args); err != nil {
		return nil, &callError{f.Name + "()", brokeFailed, err}
	}
	return out, nil
}

// result takes what the application returned, if it is of the declared kind.
func (f Function) result(out any) (ref.Val, bool) {
	s, isText := out.(string)
	if isText && f.Result == KindText && s == "" {
		return types.String(""), true
	}
	if isText && f.Result == KindDecimal {
		d, ok := parseDecimal(s)
		return d, ok
	}
	if isText && f.Result == KindMoney {
		m, ok := parseMoney(s)
		return m, ok
	}
	n := &node{field: Field{Kind: f.Result}, sizeMax: defaultText, lacking: absent("")}
	v, err := n.toCEL(out, "")
	return v, err == nil && !types.IsUnknown(v) // unknown: a text beyond its maximum
}
