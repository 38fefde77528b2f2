package template

import (
	"strings"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

func (w *walker) section(name string, n *yaml.Node, path string) Section {
	s := Section{Name: name}
	w.object(n, path,
		key{"title", w.texts(&s.Title)},
		key{"public", w.boolean(&s.Public)},
		key{"per", w.oneOrMore(&s.Per)},
		key{"read", func(n *yaml.Node, path string) {
			w.each(n, path, func(n *yaml.Node, path string) {
				s.Read = append(s.Read, w.reader(n, path))
			})
		}},
		key{"write", w.names(&s.Write)},
		key{"attest", w.names(&s.Attest)},
		key{"fields", func(n *yaml.Node, path string) { s.Fields = w.fields(n, path, 0) }},
	)
	return s
}

// reader reads a role, or a role with the states in which it reads.
func (w *walker) reader(n *yaml.Node, path string) Reader {
	var r Reader
	if n.Kind == yaml.MappingNode {
		w.object(n, path, key{"role", w.text(&r.Role)}, key{"in", w.oneOrMore(&r.In)})
	} else {
		w.text(&r.Role)(n, path)
	}
	return r
}

// fields reads the fields of a section or record; depth counts the lists and
// records around them.
func (w *walker) fields(n *yaml.Node, path string, depth int) []rules.Field {
	if w.tooDeep(path, depth) {
		return nil
	}
	var fields []rules.Field
	w.named(n, path, func(name string, n *yaml.Node, path string) {
		f := rules.Field{Name: name}
		w.field(&f, n, path, depth)
		fields = append(fields, f)
	})
	return fields
}

func (w *walker) field(f *rules.Field, n *yaml.Node, path string, depth int) {
	scaled := false
	w.object(n, path, []key{
		{"type", w.text((*string)(&f.Kind))},
		{"title", w.texts(&f.Title)},
		{"help", w.texts(&f.Help)},
		{"required", w.required(&f.Required, &f.RequiredIf)},
		{"when", w.expression(&f.When)},
		{"compute", w.expression(&f.Compute)},
		{"check", w.expression(&f.Check)},
		{"message", w.texts(&f.Message)},
		{"message_expression", w.expression(&f.MessageExpr)},
		{"severity", w.text(&f.Severity)},
		{"format", w.text(&f.Format)},
		{"min", w.literal(&f.Min)},
		{"max", w.literal(&f.Max)},
		{"scale", func(n *yaml.Node, path string) {
			scaled = true
			w.integer(&f.Scale)(n, path)
		}},
		{"currencies", w.names(&f.Currencies)},
		{"choices", w.choices(&f.Choices)},
		{"of", func(n *yaml.Node, path string) {
			f.Of = &rules.Field{}
			w.of(f.Of, n, path, depth+1)
		}},
		{"fields", func(n *yaml.Node, path string) {
			if f.Name == "" { // in "of", where the word may be left out
				path = strings.TrimSuffix(path, ".fields")
			}
			f.Fields = w.fields(n, path, depth+1)
		}},
	}...)
	if w.out.known(path + ".scale") { // bounds may have any number of decimals
		scaled = true
		w.out.follow(path+".min", CodeMissing)
		w.out.follow(path+".max", CodeMissing)
	}
	if w.out.within(path + ".currencies") {
		w.out.follow(path+".currencies", CodeType)
	}
	if w.out.known(path + ".max") {
		w.out.follow(path+".min", CodeMissing)
	}
	if w.out.known(path + ".check") {
		for _, belongs := range []string{".message", ".message_expression", ".severity"} {
			w.out.follow(path+belongs, CodeMissing)
		}
	}
	// None is a scale of money, and nobody should come to it by forgetting.
	if f.Kind == rules.KindMoney && !scaled {
		w.out.suggest(path, CodeMissing, "write scale: 2, or scale: 0 for a currency like JPY", "money needs the number of its decimals")
		w.out.follow(path+".min", CodeMissing) // which may have any number of decimals
		w.out.follow(path+".max", CodeMissing)
	}
}

// tooDeep ends what a hostile text could nest forever.
func (w *walker) tooDeep(path string, depth int) bool {
	if depth > maxDepth {
		w.out.add(path, CodeLimit, "lists and records nest at most %d deep", maxDepth)
	}
	return depth > maxDepth
}

// of reads the element of a list: a type, or, where there is no scalar "type",
// the fields of a record. A record may have a field called type, since a
// field's body is a mapping; what is nearly called so, and is no body, is a slip.
func (w *walker) of(f *rules.Field, n *yaml.Node, path string, depth int) {
	if w.tooDeep(path, depth) {
		return
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if nearest(n.Content[i].Value, []string{"type"}) != "" && n.Content[i+1].Kind != yaml.MappingNode {
			w.field(f, n, path, depth)
			return
		}
	}
	f.Kind = rules.KindRecord
	f.Fields = w.fields(n, path, depth+1)
}

// choices reads a list of names, or a mapping from names to titles.
func (w *walker) choices(into *[]rules.Choice) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.MappingNode {
			var names []string
			w.names(&names)(n, path)
			for i, name := range names {
				w.source.mark(element(path, i, name, false), nil, n.Content[i])
				*into = append(*into, rules.Choice{Name: name})
			}
			return
		}
		w.pairs(n, path, func(i int, name string, k, v *yaml.Node) {
			at := element(path, i, name, false)
			w.source.mark(at, k, v)
			c := rules.Choice{Name: name}
			if w.value(v, at) {
				w.choice(&c, v, at)
			}
			*into = append(*into, c)
		})
	}
}

// choice reads a title, or a mapping with a title and a condition. Languages
// have two letters or three and "title" and "when" more, so no title in
// several languages is mistaken for one.
func (w *walker) choice(c *rules.Choice, n *yaml.Node, path string) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if k := n.Content[i].Value; k == "title" || k == "when" {
			w.object(n, path, key{"title", w.texts(&c.Title)}, key{"when", w.expression(&c.When)})
			return
		}
	}
	w.source.mark(path+".title", nil, n)
	w.texts(&c.Title)(n, path+".title")
}
