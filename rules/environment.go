package rules

import (
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// Engine names the expression engine, and its version, whose verdicts these
// are. It stands in attestations, so that two readers who differ can tell why.
const Engine = "cel-go/v0.33.2"

// baseEnv is the environment that all definitions extend: it never changes,
// and building it costs more than compiling a small definition. Versions of
// libraries are pinned, since a rule is evaluated again years later.
var baseEnv = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.OptionalTypes(cel.OptionalTypesVersion(2)),
		ext.Strings(ext.StringsVersion(5)),
		ext.Lists(ext.ListsVersion(4)),
		ext.Sets(ext.SetsVersion(0)),
		ext.Math(ext.MathVersion(3)),
		ext.Bindings(ext.BindingsVersion(1)),
		ext.TwoVarComprehensions(ext.TwoVarComprehensionsVersion(0)),
		cel.Macros(cel.GlobalMacro("has", 1, expandHas)),
		cel.DefaultUTCTimeZone(true),
		cel.ParserRecursionLimit(maxExpressionChain),
		cel.ParserExpressionSizeLimit(maxExpression),
		cel.ExpressionNodeLimit(maxExpressionNodes),
	}
	options = append(options, decimalLibrary()...)
	options = append(options, moneyLibrary()...)
	options = append(options, dateLibrary()...)
	options = append(options, zoneLibrary()...)
	options = append(options, formatFunctions()...)
	options = append(options, wholeLibrary()...)
	return cel.NewEnv(options...)
})

// hasMarker is the operand that expandHas gives to has(field) of a bare name,
// which becomes the record of that field when names are resolved.
const hasMarker = "@has"

// expandHas is the has macro, which in the standard takes a selection only: in
// the rules of a field, the other fields of its section are bare names.
func expandHas(f cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	switch arg := args[0]; arg.Kind() {
	case ast.SelectKind:
		s := arg.AsSelect()
		return f.NewPresenceTest(s.Operand(), s.FieldName()), nil
	case ast.IdentKind:
		return f.NewPresenceTest(f.NewIdent(hasMarker), arg.AsIdent()), nil
	default:
		return nil, f.NewError(arg.ID(), "has() takes a field")
	}
}

// weekdayEnv is the base with the working days of those who have no holidays,
// which most definitions extend: one that has functions of its own makes the
// engine list all functions anew.
var weekdayEnv = sync.OnceValues(func() (*cel.Env, error) {
	base, err := baseEnv()
	if err != nil {
		return nil, err
	}
	return base.Extend(calendar{}.library()...)
})

// newEnv extends the base with the types and variables of one definition, and
// with its working days.
func newEnv(p *provider, days calendar, variables []cel.EnvOption) (*cel.Env, error) {
	extended := weekdayEnv
	if len(days.holidays) > 0 {
		extended = baseEnv
		variables = append(variables, days.library()...)
	}
	base, err := extended()
	if err != nil {
		return nil, err
	}
	p.Provider = base.CELTypeProvider()
	return base.Extend(append([]cel.EnvOption{cel.CustomTypeProvider(p)}, variables...)...)
}

// A provider tells the type checker the fields of sections and records. Where
// misses is not nil, it notes which it was asked for in vain, for better
// messages; then it serves one checker at a time.
type provider struct {
	types.Provider
	records map[string]*recordType
	misses  []miss
}

type miss struct {
	record *recordType
	name   string
}

// FindStructType implements types.Provider.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if t, ok := p.records[name]; ok {
		return types.NewTypeTypeWithParam(t.typ), true
	}
	return p.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	if t, ok := p.records[name]; ok {
		return t.names(), true
	}
	return p.Provider.FindStructFieldNames(name)
}

// FindStructFieldType implements types.Provider.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	t, ok := p.records[name]
	if !ok {
		return p.Provider.FindStructFieldType(name, field)
	}
	f := t.field(field)
	if f == nil && t.unsure {
		return &types.FieldType{Type: types.DynType}, true
	}
	if f == nil {
		if p.misses != nil {
			p.misses = append(p.misses, miss{t, field})
		}
		return nil, false
	}
	return &types.FieldType{Type: f.typ}, true
}

// NewValue implements types.Provider: expressions build no records.
func (p *provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := p.records[name]; ok {
		return celError(errNoField)
	}
	return p.Provider.NewValue(name, fields)
}
