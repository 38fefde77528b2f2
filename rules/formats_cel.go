package rules

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// formatFunctions declares the formats as member functions on strings, such as
// customer.vat.isVatIt(). Names and further overloads are protovalidate's where
// it has them:
//
//	isIp(version)  isIpPrefix(version)  isIpPrefix(strict)  isIpPrefix(version, strict)
//	isHostAndPort(portRequired)
//
// where version is 4, 6, or 0 for either; any other is false.
func formatFunctions() []cel.EnvOption {
	options := make([]cel.EnvOption, 0, len(formats)+1)
	for _, f := range formats {
		overloads := []cel.FunctionOpt{
			stringFunction(f.function, nil, func(s string, _ []ref.Val) bool { return f.match(s) }),
		}
		switch f.function {
		case "isIp":
			overloads = append(overloads,
				stringFunction("isIp_int", []*cel.Type{cel.IntType}, func(s string, args []ref.Val) bool {
					return isIPVersion(s, intOf(args[0]))
				}))
		case "isIpPrefix":
			overloads = append(overloads,
				stringFunction("isIpPrefix_int", []*cel.Type{cel.IntType}, func(s string, args []ref.Val) bool {
					return isIPPrefixVersion(s, intOf(args[0]), false)
				}),
				stringFunction("isIpPrefix_bool", []*cel.Type{cel.BoolType}, func(s string, args []ref.Val) bool {
					return isIPPrefixVersion(s, 0, args[0] == types.True)
				}),
				stringFunction("isIpPrefix_int_bool", []*cel.Type{cel.IntType, cel.BoolType}, func(s string, args []ref.Val) bool {
					return isIPPrefixVersion(s, intOf(args[0]), args[1] == types.True)
				}))
		}
		options = append(options, cel.Function(f.function, overloads...))
	}
	return append(options, cel.Function("isHostAndPort",
		stringFunction("isHostAndPort_bool", []*cel.Type{cel.BoolType}, func(s string, args []ref.Val) bool {
			return isHostAndPort(s, args[0] == types.True)
		})))
}

// stringFunction declares one overload on a string. The string is within
// [maxFormatLength] when check is called, and args are of the declared types.
func stringFunction(id string, args []*cel.Type, check func(s string, args []ref.Val) bool) cel.FunctionOpt {
	call := func(vals ...ref.Val) ref.Val {
		s, ok := vals[0].(types.String)
		if !ok {
			return types.MaybeNoSuchOverloadErr(vals[0])
		}
		return types.Bool(len(s) <= maxFormatLength && check(string(s), vals[1:]))
	}
	params := append([]*cel.Type{cel.StringType}, args...)
	// The planner calls one and two operands through bindings of their own.
	var binding cel.OverloadOpt
	switch len(params) {
	case 1:
		binding = cel.UnaryBinding(func(s ref.Val) ref.Val { return call(s) })
	case 2:
		binding = cel.BinaryBinding(func(s, arg ref.Val) ref.Val { return call(s, arg) })
	default:
		binding = cel.FunctionBinding(call)
	}
	return cel.MemberOverload("string_"+id, params, cel.BoolType, binding)
}

// intOf is the value of an argument declared as an integer; -1, which no version
// is, stands for anything else.
func intOf(v ref.Val) int64 {
	if i, ok := v.(types.Int); ok {
		return int64(i)
	}
	return -1
}
