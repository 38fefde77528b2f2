package template

import (
	"fmt"
	"io"
	"io/fs"

	"github.com/vassoio/vassoio/rules"
	"go.yaml.in/yaml/v3"
)

// Load reads a template from a YAML file and compiles it. A template that is
// wrong gives [Problems]: all of its mistakes, each with file, line and column.
// Any other error is of the file system.
func Load(fsys fs.FS, name string) (*Template, error) {
	text, err := read(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	source := newSource(name, text)
	out := newReport(source)
	if len(text) > maxSize {
		out.add("", CodeLimit, "a template has at most %d bytes", maxSize)
		return nil, out.err()
	}
	root := parse(text, out)
	if root == nil {
		return nil, out.err()
	}
	d := (&walker{source: source, out: out}).template(root)
	return compile(d, prudent, out)
}

// read reads a file, one byte beyond the limit at most.
func read(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read from: nothing can be lost
	return io.ReadAll(io.LimitReader(file, maxSize+1))
}

// template reads the whole of a template.
func (w *walker) template(n *yaml.Node) Definition {
	d := Definition{Source: w.source}
	w.source.mark("", nil, n)
	if !w.value(n, "") {
		return d
	}
	w.object(n, "",
		key{"template", w.text(&d.Name)},
		key{"version", w.integer(&d.Version)},
		key{"title", w.texts(&d.Title)},
		key{"roles", func(n *yaml.Node, path string) {
			w.named(n, path, func(name string, n *yaml.Node, path string) {
				d.Roles = append(d.Roles, w.role(name, n, path))
			})
		}},
		key{"sections", func(n *yaml.Node, path string) {
			w.named(n, path, func(name string, n *yaml.Node, path string) {
				d.Sections = append(d.Sections, w.section(name, n, path))
			})
		}},
		key{"rules", func(n *yaml.Node, path string) {
			w.named(n, path, func(id string, n *yaml.Node, path string) {
				d.Rules = append(d.Rules, w.rule(id, n, path))
			})
		}},
		key{"signatures", func(n *yaml.Node, path string) {
			w.named(n, path, func(name string, n *yaml.Node, path string) {
				d.Signatures = append(d.Signatures, w.signature(name, n, path))
			})
		}},
		key{"lifecycle", func(n *yaml.Node, path string) { d.Lifecycle = w.lifecycle(n, path) }},
		key{"notes", w.names(&d.Notes)},
		key{"holidays", func(n *yaml.Node, path string) {
			w.each(n, path, func(n *yaml.Node, path string) {
				var date string
				w.literal(&date)(n, path)
				d.Holidays = append(d.Holidays, date)
			})
		}},
		key{"needs", func(n *yaml.Node, path string) {
			w.object(n, path,
				key{"functions", func(n *yaml.Node, path string) {
					w.pairs(n, path, func(_ int, name string, k, v *yaml.Node) {
						at := join(path, name)
						w.source.mark(at, k, v)
						if w.value(v, at) {
							d.Needs.Functions = append(d.Needs.Functions, w.function(name, v, at))
						}
					})
				}},
				key{"formats", w.names(&d.Needs.Formats)},
			)
		}},
	)
	return d
}

func (w *walker) function(name string, n *yaml.Node, path string) rules.Function {
	f := rules.Function{Name: name}
	var args []string
	w.object(n, path,
		key{"member", w.boolean(&f.Member)},
		key{"args", w.oneOrMore(&args)},
		key{"result", w.text((*string)(&f.Result))},
	)
	for _, a := range args {
		f.Args = append(f.Args, rules.Kind(a))
	}
	return f
}

func (w *walker) role(name string, n *yaml.Node, path string) Role {
	r := Role{Name: name}
	w.object(n, path,
		key{"title", w.texts(&r.Title)},
		key{"manages", w.names(&r.Manages)},
	)
	return r
}

func (w *walker) rule(id string, n *yaml.Node, path string) Rule {
	r := Rule{Rule: rules.Rule{ID: id}}
	w.object(n, path,
		key{"rule", w.expression(&r.Expr)},
		key{"message", w.texts(&r.Message)},
		key{"message_expression", w.expression(&r.MessageExpr)},
		key{"field", w.text(&r.Field)},
		key{"reason", w.text(&r.Reason)},
		key{"severity", w.text(&r.Severity)},
		key{"at", w.oneOrMore(&r.At)},
		key{"attest", w.names(&r.Attest)},
	)
	return r
}

func (w *walker) signature(name string, n *yaml.Node, path string) Signature {
	s := Signature{Name: name}
	w.object(n, path,
		key{"title", w.texts(&s.Title)},
		key{"by", w.text(&s.By)},
		key{"covers", w.names(&s.Covers)},
		key{"declare", w.texts(&s.Declare)},
		key{"required", w.required(&s.Required, &s.RequiredIf)},
		key{"quorum", w.literal(&s.Quorum)},
		key{"blind", w.boolean(&s.Blind)},
		key{"attest", w.names(&s.Attest)},
	)
	return s
}

func (w *walker) lifecycle(n *yaml.Node, path string) Lifecycle {
	var l Lifecycle
	w.object(n, path,
		key{"initial", w.text(&l.Initial)},
		key{"states", func(n *yaml.Node, path string) {
			w.named(n, path, func(name string, n *yaml.Node, path string) {
				l.States = append(l.States, w.state(name, n, path))
			})
		}},
		key{"events", func(n *yaml.Node, path string) {
			w.named(n, path, func(name string, n *yaml.Node, path string) {
				l.Events = append(l.Events, w.event(name, n, path))
			})
		}},
	)
	return l
}

func (w *walker) state(name string, n *yaml.Node, path string) State {
	s := State{Name: name}
	w.object(n, path,
		key{"title", w.texts(&s.Title)},
		key{"final", w.boolean(&s.Final)},
		key{"due", w.text(&s.Due)},
		key{"edit", func(n *yaml.Node, path string) {
			w.pairs(n, path, func(i int, role string, k, v *yaml.Node) {
				at := element(path, i, role, false)
				w.source.mark(at, k, v)
				e := Edit{Role: role}
				if w.value(v, at) {
					w.names(&e.Sections)(v, at)
				}
				s.Edit = append(s.Edit, e)
			})
		}},
	)
	return s
}

func (w *walker) event(name string, n *yaml.Node, path string) Event {
	e := Event{Name: name}
	w.object(n, path,
		key{"title", w.texts(&e.Title)},
		key{"from", w.oneOrMore(&e.From)},
		key{"to", w.text(&e.To)},
		key{"by", w.names(&e.By)},
		key{"guard", w.expression(&e.Guard)},
		key{"attest", w.names(&e.Attest)},
		key{"valid", w.names(&e.Valid)},
		key{"signed", w.names(&e.Signed)},
		key{"reason", w.reason(&e.Reason)},
	)
	return e
}

// reason reads "required", "optional" or a mapping that says who reads it.
func (w *walker) reason(into **Reason) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		r := &Reason{}
		switch {
		case n.Kind == yaml.MappingNode:
			w.object(n, path, key{"required", w.boolean(&r.Required)}, key{"read", w.names(&r.Read)})
		case n.Kind == yaml.ScalarNode && n.Value == "required":
			r.Required = true
		case n.Kind == yaml.ScalarNode && n.Value == "optional":
		default:
			w.out.add(path, CodeType, `a reason is "required", "optional" or a mapping with "required" and "read"`)
			return
		}
		*into = r
	}
}

// required reads true, false or the expression on which it depends.
func (w *walker) required(always *bool, expr *string) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		if isBoolean(n) {
			w.boolean(always)(n, path)
			return
		}
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" {
			w.mistaken(n, path, "true, false or an expression")
			return
		}
		*expr = n.Value
		w.source.mark(path+"_if", nil, n) // its name in the definition
		w.unclear(n, path)
	}
}

// texts reads a text in one language, English, or a mapping from languages.
func (w *walker) texts(into *rules.Text) func(n *yaml.Node, path string) {
	return func(n *yaml.Node, path string) {
		if n.Kind == yaml.ScalarNode {
			var s string
			if w.text(&s)(n, path); n.Tag == "!!str" {
				*into = rules.Text{"en": s}
				w.source.mark(path+".en", nil, n)
			}
			return
		}
		t := rules.Text{}
		w.pairs(n, path, func(_ int, lang string, k, v *yaml.Node) {
			at := join(path, lang)
			w.source.mark(at, k, v)
			if w.value(v, at) {
				var s string
				w.text(&s)(v, at)
				t[lang] = s
			}
		})
		if n.Kind == yaml.MappingNode {
			*into = t
		}
	}
}
