package peers

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-playground/validator/v10"
)

// tagged are the rules that tags can express without functions of one's own: no
// regular expressions, no arithmetic, and one field compared with another only
// where a tag has that comparison.
var tagged = []int{1, 2, 3, 5, 6, 9, 11, 13, 19}

// taggedForm is the form laid flat, since conditional tags know the fields of
// one struct. Each field with tags belongs to one rule; where a rule needs two,
// both count for it.
type taggedForm struct {
	OneF0   string
	OneF1   int64  `validate:"gte=1,lte=100"`
	OneF2   bool   `validate:"required_without=TwoF2"`
	OneF3   string `validate:"gt=3,startswith=IT"`
	OneF4   int64
	OneF5   bool
	OneF6   string `validate:"required_if=OneF5 true"`
	OneF7   int64
	OneF8   bool
	OneF9   string
	TwoF0   string `validate:"oneof=IT FR DE value0"`
	TwoF1   int64
	TwoF2   bool
	TwoF3   string
	TwoF4   int64
	TwoF5   bool   `validate:"required_without=OneF2"`
	TwoF6   string `validate:"nefield=TwoF9"`
	TwoF7   int64
	TwoF8   bool
	TwoF9   string
	ThreeF0 string `validate:"endswith=0"`
	ThreeF1 int64
	ThreeF2 bool
	ThreeF3 string `validate:"contains=a"`
	ThreeF4 int64
	ThreeF5 bool `validate:"required"`
	ThreeF6 string
	ThreeF7 int64
	ThreeF8 bool `validate:"required"`
	ThreeF9 string
}

// ruleOf is the rule that a field's tags are part of.
var ruleOf = map[string]int{
	"OneF1": 1, "OneF2": 2, "OneF3": 3, "OneF6": 5, "TwoF0": 6, "TwoF6": 9, "ThreeF0": 11, "ThreeF3": 11,
	"ThreeF5": 13, "ThreeF8": 19, "TwoF5": 19,
}

type tags struct{ validate *validator.Validate }

// loadValidator reads the tags, which the library does when it first sees a struct.
func loadValidator() (Engine, error) {
	v := validator.New(validator.WithRequiredStructEnabled())
	err := v.Struct(&taggedForm{})
	var invalid validator.ValidationErrors
	if !errors.As(err, &invalid) {
		return nil, fmt.Errorf("an empty form: %w", err)
	}
	return &tags{v}, nil
}

func (t *tags) Fill(f *Form) (func() (Verdicts, error), error) {
	a, b, c := &f.One, &f.Two, &f.Three
	form := &taggedForm{
		a.F0, a.F1, a.F2, a.F3, a.F4, a.F5, a.F6, a.F7, a.F8, a.F9,
		b.F0, b.F1, b.F2, b.F3, b.F4, b.F5, b.F6, b.F7, b.F8, b.F9,
		c.F0, c.F1, c.F2, c.F3, c.F4, c.F5, c.F6, c.F7, c.F8, c.F9,
	}
	return func() (out Verdicts, err error) {
		for _, i := range tagged {
			out[i] = true
		}
		err = t.validate.Struct(form)
		var invalid validator.ValidationErrors
		if !errors.As(err, &invalid) {
			return out, err
		}
		for _, e := range invalid {
			i, ok := ruleOf[e.StructField()]
			if !ok || !slices.Contains(tagged, i) {
				return out, fmt.Errorf("%s belongs to no rule", e.StructField())
			}
			out[i] = false
		}
		return out, nil
	}, nil
}
