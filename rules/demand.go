package rules

// A Demand is one thing that a field's declaration asks of its value: that it
// is there, that it has a format, that it is not below its minimum.
type Demand struct {
	Rule     string   // as in a [Violation]: "customer.email.format"
	Member   string   // what declares it, by its JSON name: "format", "min"
	Pos      Position // of that member
	Violated bool     // a violation of it was shown
}

// A demanded is what violations of one demand have in common.
type demanded struct{ rule, member string }

// Demands lists what the fields declare, in the order of the definition. A
// bound that every value keeps is none, nor is a Max that is the one by default,
// nor a Min of one item that Required asks for anyway.
func (c *Coverage) Demands() []Demand {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Demand, len(c.demands))
	for i, d := range c.demands {
		d.Violated = c.violated[demanded{d.Rule, d.Member}]
		out[i] = d
	}
	return out
}

// Show counts a violation as shown. Unlike branches, which are seen wherever
// they are evaluated, a demand is shown by who looks at its violation.
func (c *Coverage) Show(v Violation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.violated[demanded{v.Rule, v.member}] = true
}

// demands lists what the fields of the set demand.
func (s *Set) demands() []Demand {
	var out []Demand
	for _, sec := range s.order {
		for _, f := range sec.rec.fields {
			f.each(func(n *node) {
				for _, reason := range []string{ReasonInapplicable, ReasonRequired, ReasonComputed, ReasonFormat, ReasonChoice, ReasonCurrency, ReasonCheck} {
					if member := n.member(reason); n.declares(member) {
						out = append(out, n.demand(reason, member))
					}
				}
				for _, member := range []string{"min", "max"} {
					if n.declares(member) {
						out = append(out, n.demand(ReasonBounds, member))
					}
				}
			})
		}
	}
	return out
}

func (n *node) demand(reason, member string) Demand {
	return Demand{Rule: n.path + "." + reason, Member: member, Pos: n.field.Pos.of(member)}
}

// member names what declares the demand of which a violation has the reason;
// of the two bounds, the violation knows which.
func (n *node) member(reason string) string {
	switch reason {
	case ReasonRequired:
		if n.field.RequiredIf != "" {
			return "required_if"
		}
		return "required"
	case ReasonInapplicable:
		return "when"
	case ReasonComputed:
		return "compute"
	case ReasonChoice:
		return "choices"
	case ReasonCurrency:
		return "currencies"
	}
	return reason // "format", "check"
}

// declares reports whether a member demands something of the field.
func (n *node) declares(member string) bool {
	f := &n.field
	switch member {
	case "required":
		return f.Required
	case "required_if":
		return f.RequiredIf != ""
	case "when":
		return f.When != ""
	case "compute":
		return f.Compute != ""
	case "format":
		return f.Format != ""
	case "choices":
		return len(f.Choices) > 0
	case "currencies":
		return len(f.Currencies) > 0
	case "check":
		return f.Check != ""
	case "min":
		switch f.Kind {
		case KindText:
			return n.sizeMin > 1 // no text is empty
		case KindList:
			return n.sizeMin > 1 || n.sizeMin == 1 && !f.Required // which asks for an item
		}
		return f.Min != ""
	}
	switch f.Kind { // the definition may be one that was filled in already
	case KindText:
		return n.sizeMax != defaultText
	case KindList:
		return n.sizeMax != defaultList
	}
	return f.Max != ""
}
