package rules_test

import (
	"fmt"
	"log"

	"github.com/vassoio/vassoio/rules"
)

// A coverage tells which way the branches of expressions went.
func ExampleCoverage() {
	set, err := rules.Compile(rules.Definition{
		Sections:   []rules.Section{{Name: "order", Fields: []rules.Field{{Name: "total", Kind: rules.KindInteger}, {Name: "vip", Kind: rules.KindBoolean}}}},
		Conditions: []rules.Condition{{ID: "guard.send", Expr: `order.total < 500 || order.vip`}},
	})
	if err != nil {
		log.Fatal(err)
	}
	coverage, err := set.Coverage()
	if err != nil {
		log.Fatal(err)
	}
	in := set.Input()
	in.Observe(coverage)
	if err := in.Section("order", map[string]any{"total": int64(900), "vip": true}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(set.Eval("guard.send", in).Result)
	for _, b := range coverage.Branches() {
		fmt.Printf("%s, column %d %s: seen true %v, seen false %v\n", b.Where, b.Caret, b.Whole, b.True, b.False)
	}
	// Output:
	// pass
	// condition guard.send, column 1 : seen true false, seen false true
	// condition guard.send, column 19 ||: seen true true, seen false false
	// condition guard.send, column 22 : seen true true, seen false false
}
