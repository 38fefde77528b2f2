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

// Money as a value of the expression language, made as the decimal is.
var moneyType = types.NewObjectType("money",
	traits.AdderType|traits.SubtractorType|traits.MultiplierType|traits.ComparerType|traits.NegatorType)

var (
	errMoneyText    = errors.New("text is no amount with its currency")
	errCurrencyText = errors.New("text is no currency (three capital letters)")
	errCurrencies   = errors.New("amounts in two currencies")
	errNoAmounts    = errors.New("a sum of no amounts has no currency")
)

// with returns the amount in the same currency, or the error where it grew too
// large.
func (m money) with(amount decimal) ref.Val {
	if !amount.fits() {
		return celError(errDecimalDigits)
	}
	return money{amount, m.currency}
}

// same returns the other amount, or why there is none to compute with.
func (m money) same(other ref.Val) (decimal, ref.Val) {
	o, ok := other.(money)
	switch {
	case !ok:
		return decimal{}, types.MaybeNoSuchOverloadErr(other)
	case o.currency != m.currency:
		return decimal{}, celError(errCurrencies)
	}
	return o.amount, nil
}

// Add implements traits.Adder.
func (m money) Add(other ref.Val) ref.Val {
	amount, wrong := m.same(other)
	if wrong != nil {
		return wrong
	}
	return m.with(m.amount.add(amount))
}

// Subtract implements traits.Subtractor.
func (m money) Subtract(other ref.Val) ref.Val {
	amount, wrong := m.same(other)
	if wrong != nil {
		return wrong
	}
	return m.with(m.amount.sub(amount))
}

// Multiply implements traits.Multiplier, by a number.
func (m money) Multiply(other ref.Val) ref.Val {
	if factor, ok := operand(other); ok {
		return m.with(m.amount.mul(factor))
	}
	return types.MaybeNoSuchOverloadErr(other)
}

// Negate implements traits.Negater.
func (m money) Negate() ref.Val { return money{m.amount.neg(), m.currency} }

// Compare implements traits.Comparer.
func (m money) Compare(other ref.Val) ref.Val {
	amount, wrong := m.same(other)
	if wrong != nil {
		return wrong
	}
	return types.Int(m.amount.cmp(amount))
}

// Equal implements ref.Val: 1.5 EUR equals 1.50 EUR, and no amount of another
// currency, nor nothing of another currency.
func (m money) Equal(other ref.Val) ref.Val {
	o, ok := other.(money)
	return types.Bool(ok && o.currency == m.currency && m.amount.cmp(o.amount) == 0)
}

// ConvertToType implements ref.Val.
func (m money) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.StringType:
		return types.String(m.String())
	case types.TypeType:
		return moneyType
	}
	return types.NewErr("money cannot become %s", t.TypeName())
}

// ConvertToNative implements ref.Val.
func (m money) ConvertToNative(t reflect.Type) (any, error) {
	if t.Kind() == reflect.String {
		return m.String(), nil
	}
	return nil, errors.New("money has no native form but text")
}

// Type implements ref.Val.
func (m money) Type() ref.Type { return moneyType }

// Value implements ref.Val.
func (m money) Value() any { return m.String() }

// moneyLibrary declares money(), the operators, rounding and sums.
func moneyLibrary() []cel.EnvOption {
	mon, dec, num := cel.ObjectType("money"), cel.ObjectType("decimal"), cel.IntType
	binary := func(operator, name string, result *cel.Type) cel.EnvOption {
		return cel.Function(operator, cel.Overload(name, []*cel.Type{mon, mon}, result))
	}
	unary := func(name string, result *cel.Type, f func(money) ref.Val) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("money_"+name, []*cel.Type{mon}, result,
			cel.UnaryBinding(func(m ref.Val) ref.Val { return f(m.(money)) })))
	}
	rounding := func(name string, even bool) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload("money_"+name, []*cel.Type{mon, num}, mon,
			cel.BinaryBinding(func(m, n ref.Val) ref.Val {
				scale, ok := scaleArgument(n)
				if !ok {
					return celError(errDecimalScale)
				}
				return m.(money).with(m.(money).amount.round(scale, even))
			})))
	}
	divide := cel.FunctionBinding(func(a ...ref.Val) ref.Val {
		q := divide(a[0].(money).amount, a[1], a[2])
		if amount, ok := q.(decimal); ok {
			return money{amount, a[0].(money).currency}
		}
		return q
	})
	of := cel.BinaryBinding(func(amount, currency ref.Val) ref.Val {
		d, _ := operand(amount)
		return moneyOf(d, currency)
	})
	return []cel.EnvOption{
		binary(operators.Add, "add_money", mon),
		binary(operators.Subtract, "subtract_money", mon),
		binary(operators.Less, "less_money", cel.BoolType),
		binary(operators.LessEquals, "less_equals_money", cel.BoolType),
		binary(operators.Greater, "greater_money", cel.BoolType),
		binary(operators.GreaterEquals, "greater_equals_money", cel.BoolType),
		cel.Function(operators.Multiply,
			cel.Overload("multiply_money_decimal", []*cel.Type{mon, dec}, mon),
			cel.Overload("multiply_money_int", []*cel.Type{mon, num}, mon),
			cel.Overload("multiply_decimal_money", []*cel.Type{dec, mon}, mon),
			cel.Overload(overloadIntMoney, []*cel.Type{num, mon}, mon)),
		cel.Function(operators.Negate, cel.Overload("negate_money", []*cel.Type{mon}, mon)),
		cel.Function("money",
			cel.Overload("string_to_money", []*cel.Type{cel.StringType}, mon,
				cel.UnaryBinding(func(v ref.Val) ref.Val {
					m, ok := parseMoney(string(v.(types.String)))
					if !ok {
						return celError(errMoneyText)
					}
					return m
				})),
			cel.Overload("decimal_to_money", []*cel.Type{dec, cel.StringType}, mon, of),
			cel.Overload("int_to_money", []*cel.Type{num, cel.StringType}, mon, of)),
		cel.Function("string", cel.Overload("money_to_string", []*cel.Type{mon}, cel.StringType,
			cel.UnaryBinding(func(v ref.Val) ref.Val { return v.ConvertToType(types.StringType) }))),
		unary("amount", dec, func(m money) ref.Val { return m.amount }),
		unary("currency", cel.StringType, func(m money) ref.Val { return types.String(m.currency) }),
		unary("abs", mon, func(m money) ref.Val { return money{m.amount.abs(), m.currency} }),
		rounding("round", false),
		rounding("roundHalfEven", true),
		cel.Function("div",
			cel.MemberOverload("money_div", []*cel.Type{mon, dec, num}, mon, divide),
			cel.MemberOverload("money_div_int", []*cel.Type{mon, num, num}, mon, divide)),
		cel.Function("sum",
			cel.MemberOverload("list_money_sum", []*cel.Type{cel.ListType(mon)}, mon, cel.UnaryBinding(moneySum)),
			cel.MemberOverload("list_money_sum_currency", []*cel.Type{cel.ListType(mon), cel.StringType}, mon,
				cel.BinaryBinding(func(list, currency ref.Val) ref.Val {
					zero, ok := moneyOf(decimalFromInt(0), currency).(money)
					if !ok {
						return celError(errCurrencyText)
					}
					return sum(list, zero)
				}))),
	}
}

// overloadIntMoney has no implementation, as overloadIntDecimal has none.
const overloadIntMoney = "multiply_int_money"

// moneyOf is an amount with a currency that an expression names.
func moneyOf(amount decimal, currency ref.Val) ref.Val {
	code, ok := currency.(types.String)
	if !ok || !isCurrencyCode(string(code)) {
		return celError(errCurrencyText)
	}
	return money{amount, string(code)}
}

// moneySum is the sum in the currency of the first item.
func moneySum(list ref.Val) ref.Val {
	items := list.(traits.Lister)
	if items.Size() == types.IntZero {
		return celError(errNoAmounts)
	}
	first, ok := items.Get(types.IntZero).(money)
	if !ok {
		return types.MaybeNoSuchOverloadErr(items.Get(types.IntZero))
	}
	return sum(list, money{decimalFromInt(0), first.currency})
}
