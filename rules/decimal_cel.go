package rules

import (
	"errors"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// The decimal as a value of the expression language. Standard operators find
// their implementation by trait; the functions are declared below.
var decimalType = types.NewObjectType("decimal",
	traits.AdderType|traits.SubtractorType|traits.MultiplierType|traits.ComparerType|traits.NegatorType)

var (
	errDecimalDigits = errors.New("decimal result has too many digits")
	errDecimalText   = errors.New("text is no decimal number")
	errDecimalScale  = errors.New("number of decimals is out of range")
	errDivision      = errors.New("division by zero")
)

func celError(err error) ref.Val { return types.WrapErr(err) }

// result returns the value, or the error where it grew too large.
func (d decimal) result() ref.Val {
	if !d.fits() {
		return celError(errDecimalDigits)
	}
	return d
}

// operand returns a decimal or an integer as a decimal.
func operand(v ref.Val) (decimal, bool) {
	switch v := v.(type) {
	case decimal:
		return v, true
	case types.Int:
		return decimalFromInt(int64(v)), true
	}
	return decimal{}, false
}

// Add implements traits.Adder.
func (d decimal) Add(other ref.Val) ref.Val {
	if e, ok := other.(decimal); ok {
		return d.add(e).result()
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// Subtract implements traits.Subtractor.
func (d decimal) Subtract(other ref.Val) ref.Val {
	if e, ok := other.(decimal); ok {
		return d.sub(e).result()
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// Multiply implements traits.Multiplier, also for an integer or money on the
// right.
func (d decimal) Multiply(other ref.Val) ref.Val {
	if m, ok := other.(money); ok {
		return m.Multiply(d)
	}
	if e, ok := operand(other); ok {
		return d.mul(e).result()
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// Negate implements traits.Negater.
func (d decimal) Negate() ref.Val { return d.neg() }

// Compare implements traits.Comparer.
func (d decimal) Compare(other ref.Val) ref.Val {
	if e, ok := other.(decimal); ok {
		return types.Int(d.cmp(e))
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// Equal implements ref.Val: by number, so 1.5 equals 1.50.
func (d decimal) Equal(other ref.Val) ref.Val {
	e, ok := other.(decimal)
	return types.Bool(ok && d.cmp(e) == 0)
}

// ConvertToType implements ref.Val.
func (d decimal) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.StringType:
		return types.String(d.String())
	case types.TypeType:
		return decimalType
	}
	return types.NewErr("decimal cannot become %s", t.TypeName())
}

// ConvertToNative implements ref.Val.
func (d decimal) ConvertToNative(t reflect.Type) (any, error) {
	if t.Kind() == reflect.String {
		return d.String(), nil
	}
	return nil, errors.New("decimal has no native form but text")
}

// Type implements ref.Val.
func (d decimal) Type() ref.Type { return decimalType }

// Value implements ref.Val.
func (d decimal) Value() any { return d.String() }

// decimalLibrary declares decimal(), the operators, rounding and sums.
func decimalLibrary() []cel.EnvOption {
	dec, num := cel.ObjectType("decimal"), cel.IntType
	binary := func(operator, name string) cel.EnvOption {
		return cel.Function(operator, cel.Overload(name, []*cel.Type{dec, dec}, dec))
	}
	compare := func(operator, name string) cel.EnvOption {
		return cel.Function(operator, cel.Overload(name, []*cel.Type{dec, dec}, cel.BoolType))
	}
	rounding := func(name string, even bool) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("decimal_"+name, []*cel.Type{dec, num}, dec,
			cel.BinaryBinding(func(d, n ref.Val) ref.Val {
				scale, ok := scaleArgument(n)
				if !ok {
					return celError(errDecimalScale)
				}
				return d.(decimal).round(scale, even).result()
			})))
	}
	division := cel.FunctionBinding(func(a ...ref.Val) ref.Val { return divide(a[0].(decimal), a[1], a[2]) })
	return []cel.EnvOption{
		binary(operators.Add, "add_decimal"),
		binary(operators.Subtract, "subtract_decimal"),
		cel.Function(operators.Multiply,
			cel.Overload("multiply_decimal", []*cel.Type{dec, dec}, dec),
			cel.Overload("multiply_decimal_int", []*cel.Type{dec, num}, dec),
			cel.Overload(overloadIntDecimal, []*cel.Type{num, dec}, dec)),
		cel.Function(operators.Negate, cel.Overload("negate_decimal", []*cel.Type{dec}, dec)),
		compare(operators.Less, "less_decimal"),
		compare(operators.LessEquals, "less_equals_decimal"),
		compare(operators.Greater, "greater_decimal"),
		compare(operators.GreaterEquals, "greater_equals_decimal"),
		cel.Function("decimal",
			cel.Overload("string_to_decimal", []*cel.Type{cel.StringType}, dec,
				cel.UnaryBinding(func(v ref.Val) ref.Val {
					d, ok := parseDecimal(string(v.(types.String)))
					if !ok {
						return celError(errDecimalText)
					}
					return d
				})),
			cel.Overload("int_to_decimal", []*cel.Type{num}, dec,
				cel.UnaryBinding(func(v ref.Val) ref.Val { return decimalFromInt(int64(v.(types.Int))) }))),
		cel.Function("string", cel.Overload("decimal_to_string", []*cel.Type{dec}, cel.StringType,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return v.ConvertToType(types.StringType) }))),
		cel.Function("abs", cel.MemberOverload("decimal_abs", []*cel.Type{dec}, dec,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return v.(decimal).abs() }))),
		rounding("round", false),
		rounding("roundHalfEven", true),
		cel.Function("div",
			cel.MemberOverload("decimal_div", []*cel.Type{dec, dec, num}, dec, division),
			cel.MemberOverload("decimal_div_int", []*cel.Type{dec, num, num}, dec, division)),
		cel.Function("sum",
			cel.MemberOverload("list_decimal_sum", []*cel.Type{cel.ListType(dec)}, dec,
				cel.UnaryBinding(func(v ref.Val) ref.Val { return sum(v, decimalFromInt(0)) })),
			cel.MemberOverload("list_int_sum", []*cel.Type{cel.ListType(num)}, num,
				cel.UnaryBinding(func(v ref.Val) ref.Val { return sum(v, types.Int(0)) }))),
	}
}

// overloadIntDecimal has no implementation: an integer does not know decimals,
// so the compiler swaps the operands (see fixOperands).
const overloadIntDecimal = "multiply_int_decimal"

// divide divides by a decimal or an integer, to a number of decimals.
func divide(d decimal, by, decimals ref.Val) ref.Val {
	scale, ok := scaleArgument(decimals)
	if !ok {
		return celError(errDecimalScale)
	}
	divisor, _ := operand(by)
	q, ok := d.div(divisor, scale)
	if !ok {
		return celError(errDivision)
	}
	return q.result()
}

func scaleArgument(v ref.Val) (int, bool) {
	n, ok := v.(types.Int)
	return int(n), ok && n >= 0 && n <= maxScale
}

// sum adds the items of a list to a zero of their type.
func sum(list ref.Val, zero traits.Adder) ref.Val {
	total := ref.Val(zero.(ref.Val))
	for it := list.(traits.Lister).Iterator(); it.HasNext() == types.True; {
		adder, ok := total.(traits.Adder)
		if !ok {
			return total // an error or an unknown on the way
		}
		total = adder.Add(it.Next())
	}
	return total
}
