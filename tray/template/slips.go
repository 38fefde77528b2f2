package template

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What people write who know other files in YAML, and what to write instead.

// booleans are the words for true and false of other files; in YAML 1.2 they are
// texts.
var booleans = map[string]string{
	"yes": "true", "y": "true", "on": "true", "true": "true", "sì": "true", "si": "true",
	"no": "false", "n": "false", "off": "false", "false": "false",
}

// named are the members whose parts are keys with names, in the order of the file.
var named = []string{"roles", "sections", "fields", "rules", "signatures", "states", "events"}

// insteadOf says what was probably meant where a value of a kind is wanted and
// something else stands.
func insteadOf(n *yaml.Node, path, want string) string {
	member := path[strings.LastIndexByte(path, '.')+1:]
	above := strings.TrimSuffix(path, "."+member)
	above = above[strings.LastIndexByte(above, '.')+1:]
	plain := n.Kind == yaml.ScalarNode && n.Style == 0 && isID(n.Value)
	switch {
	case strings.HasPrefix(want, "true") && n.Kind == yaml.ScalarNode && booleans[strings.ToLower(n.Value)] != "":
		return fmt.Sprintf("did you mean %s?", booleans[strings.ToLower(n.Value)])
	case want == "a list" && plain:
		return fmt.Sprintf("write [%s]", n.Value)
	case want == "a mapping" && n.Kind == yaml.SequenceNode && n.Style&yaml.FlowStyle != 0 && slices.Contains(named, member):
		return `each of them is a key with its name, as in {name: {}}`
	case want == "a mapping" && n.Kind == yaml.SequenceNode && slices.Contains(named, member):
		return `each of them is a key with its name: write "name:" in place of "-"`
	case want == "a mapping" && plain && (above == "fields" || member == "of"):
		return fmt.Sprintf("write {type: %s}", n.Value)
	case want == "a mapping" && n.Kind == yaml.ScalarNode && above == "rules":
		return `the expression is its "rule": write "rule:" before it`
	}
	return ""
}

// unnamed explains that a list goes on as a mapping: what the first parts lack are
// names. It gives the place where the list begins.
func (r *report) unnamed(line, indent int) (at, column int, message, advice string) {
	at = line
	for above := line - 1; above > 0; above-- {
		text := nth(r.source.lines, above)
		rest := strings.TrimLeft(text, " ")
		if rest == "" || rest[0] == '#' || len(text)-len(rest) > indent {
			continue
		}
		if len(text)-len(rest) < indent || !strings.HasPrefix(rest, "-") {
			break
		}
		at = above
	}
	return at, indent + 1, fmt.Sprintf(`not YAML: a list begins here with "-", and line %d goes on without`, line),
		`rules, fields and the like are keys with names: write "name:" in place of "-"`
}
