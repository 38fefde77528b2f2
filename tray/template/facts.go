package template

import (
	"strconv"

	"github.com/vassoio/vassoio/rules"
)

// The names of the public facts. A template without signatures has no "signed".
const (
	FactState        = "state"        // choice of the states: the state before the entry
	FactNow          = "now"          // datetime: the time of the entry
	FactToday        = "today"        // date: the same as a date, in UTC
	FactRole         = "role"         // choice of the roles: the role acted in
	FactParticipants = "participants" // record: how many participants each role has
	FactSigned       = "signed"       // record: how many fresh signatures there are of each
)

var factNames = []string{FactState, FactNow, FactToday, FactRole, FactParticipants, FactSigned}

// facts declares the public facts that the conditions of a template may name.
// Of those that are wrong it leaves out the name, so that none is missed there.
func facts(d *Definition, out *report) []rules.Fact {
	var states, roles, signatures []string
	for _, s := range d.Lifecycle.States {
		states = append(states, s.Name)
	}
	for _, r := range d.Roles {
		roles = append(roles, r.Name)
	}
	for _, s := range d.Signatures {
		signatures = append(signatures, s.Name)
	}
	facts := []rules.Fact{
		{Name: FactState, Type: oneOf(states, out.within("lifecycle"))},
		{Name: FactNow, Type: rules.Field{Kind: rules.KindDatetime}},
		{Name: FactToday, Type: rules.Field{Kind: rules.KindDate}},
		{Name: FactRole, Type: oneOf(roles, out.within("roles"))},
	}
	count := func(fact, where string, names []string) {
		record := rules.Field{Kind: rules.KindRecord}
		seen := map[string]bool{}
		for i, n := range names {
			switch {
			case !isID(n):
				record.Fields = append(record.Fields, rules.Field{Kind: rules.KindInteger, Pos: at(element(where, i, n, false))})
			case !seen[n]:
				seen[n] = true
				record.Fields = append(record.Fields, rules.Field{Name: n, Kind: rules.KindInteger, Min: "0", Pos: at(where + "." + n)})
			}
		}
		if out.known(where) {
			record.Fields = append(record.Fields, rules.Field{Kind: rules.KindInteger, Pos: at(where)})
		}
		if len(record.Fields) > 0 {
			facts = append(facts, rules.Fact{Name: fact, Type: record})
		}
	}
	count(FactParticipants, "roles", roles)
	count(FactSigned, "signatures", signatures)
	for i := range facts { // where one clashes with a section, the section is wrong
		facts[i].Pos = at("sections." + facts[i].Name)
	}
	return facts
}

// oneOf is the type of a fact that is one of the names of a template; any text,
// where they may be others than it seems.
func oneOf(names []string, unsure bool) rules.Field {
	if unsure || len(names) == 0 {
		return rules.Field{Kind: rules.KindText, Max: strconv.Itoa(maxName)}
	}
	f := rules.Field{Kind: rules.KindChoice}
	for _, name := range names {
		f.Choices = append(f.Choices, rules.Choice{Name: name})
	}
	return f
}
