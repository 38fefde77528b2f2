package template

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A slip is one mistake that can be made at a place of a template.
type slip struct {
	name string
	make func(n *yaml.Node) bool // false where it cannot be made
}

// written makes a slip in what is written at a place.
func written(name string, do func(text string) string) slip {
	return slip{name, func(n *yaml.Node) bool {
		text := do(n.Value)
		if n.Kind != yaml.ScalarNode || text == "" || text == n.Value {
			return false
		}
		n.Value, n.Tag = text, "!!str"
		if n.Style != yaml.LiteralStyle {
			n.Style = 0
		}
		return true
	}}
}

func instead(text string) func(string) string { return func(string) string { return text } }

// readMember finds a member that an expression reads, such as ".total".
var readMember = regexp.MustCompile(`\.[a-z_]+\b(\()?`)

var (
	asAny = []slip{
		{"a list of lists instead", func(n *yaml.Node) bool {
			inner := yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
			*n = yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{&inner}}
			return true
		}},
		{"nothing instead", func(n *yaml.Node) bool {
			*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
			return true
		}},
	}
	asNames = []slip{
		written("a name misspelt", func(name string) string { return name + "x" }),
		written("a name of nothing", instead("nonesuch")),
	}
	asExpressions = []slip{
		written("an expression over nothing", instead("nonesuch == 1")),
		written("an expression that breaks off", func(text string) string { return strings.TrimSpace(text) + " &&" }),
		written("an expression with a member misspelt", func(text string) string {
			at := readMember.FindStringIndex(text)
			if at == nil || strings.HasSuffix(text[:at[1]], "(") {
				return ""
			}
			return text[:at[1]] + "x" + text[at[1]:]
		}),
	}
	asKinds  = []slip{written("a type misspelt", func(kind string) string { return kind[1:] })}
	asValues = []slip{written("a value that is none", instead("?"))}
	asKeys   = []slip{written("a key misspelt", func(key string) string { return key + key[len(key)-1:] })}
	asNaming = []slip{written("a name with a capital", func(name string) string { return strings.ToUpper(name[:1]) + name[1:] })}
)

// slipsAt are the mistakes that can be made in the value of a key.
var slipsAt = map[string][]slip{
	"manages": asNames, "per": asNames, "read": asNames, "write": asNames, "attest": asNames, "role": asNames, "in": asNames,
	"at": asNames, "by": asNames, "covers": asNames, "initial": asNames, "from": asNames, "to": asNames,
	"valid": asNames, "signed": asNames, "notes": asNames, "edit": asNames, "format": asNames,
	"check": asExpressions, "rule": asExpressions, "guard": asExpressions, "when": asExpressions, "compute": asExpressions,
	"message_expression": asExpressions, "required": asExpressions,
	"type": asKinds,
	"min":  asValues, "max": asValues, "scale": asValues, "due": asValues, "quorum": asValues, "public": asValues, "final": asValues,
	"blind": asValues, "severity": asValues, "version": asValues,
}

// A slipPlace is where a mistake can be made: a node, by its path, and the
// mistakes that can be made there.
type slipPlace struct {
	node  *yaml.Node
	path  string
	slips []slip
}

// slipPlaces finds all in a template.
func slipPlaces(doc *yaml.Node) (places []slipPlace) {
	named := map[string]bool{"roles": true, "sections": true, "fields": true, "rules": true, "signatures": true, "states": true, "events": true, "edit": true}
	skipped := map[string]bool{"title": true, "help": true, "message": true, "declare": true, "choices": true, "holidays": true, "template": true}
	var walk func(n *yaml.Node, path, key string)
	walk = func(n *yaml.Node, path, key string) {
		names := n.Kind == yaml.MappingNode && (named[key] || key == "of" && !hasScalarType(n))
		switch n.Kind {
		case yaml.ScalarNode:
			if key != "required" || n.Tag != "!!bool" {
				places = append(places, slipPlace{n, path, slipsAt[key]})
			}
		case yaml.SequenceNode:
			for i, item := range n.Content {
				walk(item, fmt.Sprintf("%s[%d]", path, i), key)
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				k, v := n.Content[i], n.Content[i+1]
				at := strings.TrimPrefix(path+"."+k.Value, ".")
				switch {
				case key == "edit":
					places = append(places, slipPlace{k, at, asNames})
					walk(v, at, key)
				case names:
					places = append(places, slipPlace{k, at, asNaming})
					walk(v, at, "")
				case k.Value == "needs": // without it, nobody knows the names of the application's own
				default:
					places = append(places, slipPlace{k, at, asKeys}, slipPlace{v, at, asAny})
					if !skipped[k.Value] {
						walk(v, at, k.Value)
					}
				}
			}
		}
	}
	walk(doc.Content[0], "", "")
	return places
}

func hasScalarType(n *yaml.Node) bool {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "type" && n.Content[i+1].Kind == yaml.ScalarNode {
			return true
		}
	}
	return false
}

// soundFiles are the templates of the repository that can be loaded.
func soundFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, dir := range []string{"testdata", "../testdata", "../testdata/spec", "../../examples/*", "../../examples/*/templates"} {
		found, err := filepath.Glob(dir + "/*.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := loadText(string(text)); err == nil {
				files = append(files, file)
			}
		}
	}
	if len(files) < 12 {
		t.Fatalf("%d templates only: %v", len(files), files)
	}
	return files
}

// around is the path of what a path is a member or item of.
func around(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

// Whoever makes one mistake in a template that is sound is told of it, and of
// nothing that follows from it.
func TestOneMistakeIsToldAlone(t *testing.T) {
	all, made := map[string]int{}, 0
	for _, file := range soundFiles(t) {
		if testing.Short() && filepath.Base(file) != "everything.yaml" && filepath.Base(file) != "tender.yaml" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		for _, p := range slipPlaces(&doc) {
			for _, s := range p.slips {
				was := *p.node
				if !s.make(p.node) {
					continue
				}
				broken, err := yaml.Marshal(&doc)
				*p.node = was
				if err != nil {
					t.Fatal(err)
				}
				all[s.name]++
				made++
				_, err = loadText(string(broken))
				problems, _ := err.(Problems)
				if len(problems) != 1 || !strings.HasPrefix(problems[0].Path, around(p.path)) {
					t.Errorf("%s: %s: %s: %d problems:\n%v", file, p.path, s.name, len(problems), err)
				}
			}
		}
	}
	for _, s := range slices.Concat(asAny, asNaming, asNames, asExpressions, asKinds, asValues, asKeys) {
		if all[s.name] < 5 {
			t.Errorf("%s: made %d times only", s.name, all[s.name])
		}
	}
	t.Logf("%d mistakes: %v", made, all)
}
