package peers

import (
	"context"
	_ "embed" // the rules in Rego
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

//go:embed form.rego
var formRego string

type opa struct{ query rego.PreparedEvalQuery }

func loadOPA() (Engine, error) {
	query, err := rego.New(rego.Query("data.form.holds"), rego.Module("form.rego", formRego)).
		PrepareForEval(context.Background())
	return &opa{query}, err
}

func (o *opa) Fill(f *Form) (func() (Verdicts, error), error) {
	input, err := ast.InterfaceToValue(map[string]any{
		"one": f.One.fields(), "two": f.Two.fields(), "three": f.Three.fields(),
	})
	if err != nil {
		return nil, err
	}
	return func() (out Verdicts, err error) {
		results, err := o.query.Eval(context.Background(), rego.EvalParsedInput(input))
		if err != nil {
			return out, err
		}
		if len(results) != 1 {
			return out, fmt.Errorf("%d results", len(results))
		}
		for _, holds := range results[0].Expressions[0].Value.([]any) {
			i, err := holds.(json.Number).Int64()
			if err != nil {
				return out, err
			}
			out[i] = true
		}
		return out, nil
	}, nil
}
