package template

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/vassoio/vassoio/rules"
)

// checker checks what a definition says, part by part. What it refuses is
// refused by everybody who reads the template; what is only unwise is the
// concern of soundness.
type checker struct {
	d   *Definition
	out *report

	roles, sections, states, events, signatures names

	managesNone bool // a role is said to manage one that is none, or it cannot be read which

	large bool // beyond a limit that bounds all further work
}

// names are the names of one kind of thing, in order.
type names struct {
	list  []string
	index map[string]int

	misread bool     // what was written could not be read: names may be missing
	doubled bool     // one stands where another is meant
	wrong   []string // that are no names
}

func (n names) has(name string) bool { _, ok := n.index[name]; return ok }

// check reports every mistake, and says whether the definition is fit to be
// compiled: small and shallow enough, that is, and not so wrong that nothing more
// would be told.
func (c *checker) check() bool {
	d := c.d
	if d.Format != "" && d.Format != Format {
		c.out.add("format", CodeValue, "this is not a template of format %s", Format)
		return false
	}
	if d.Name == "" {
		c.out.add("template", CodeMissing, "the template needs a name")
	} else if !isID(d.Name) {
		c.out.add("template", CodeName, "%s", badName(d.Name))
	}
	if d.Version < 1 || d.Version > maxVersion {
		c.out.add("version", CodeValue, "the version is a whole number from 1")
	}
	c.text("title", d.Title, maxText)

	c.roles = collect(c, "roles", maxRoles, d.Roles, func(r Role) string { return r.Name })
	c.sections = collect(c, "sections", maxSections, d.Sections, func(s Section) string { return s.Name })
	c.states = collect(c, "lifecycle.states", maxStates, d.Lifecycle.States, func(s State) string { return s.Name })
	c.events = collect(c, "lifecycle.events", maxEvents, d.Lifecycle.Events, func(e Event) string { return e.Name })
	c.signatures = collect(c, "signatures", maxSignatures, d.Signatures, func(s Signature) string { return s.Name })
	ruleIDs := collect(c, "rules", maxRules, d.Rules, func(r Rule) string { return r.ID })
	if c.count(); c.large {
		return false
	}
	c.some("roles", "a template needs roles", len(d.Roles))
	c.some("sections", "a template needs sections", len(d.Sections))
	if c.roles.has(Self) {
		c.out.add("roles."+Self, CodeName, "self is no name for a role: it means whose instance a section is")
	}
	for i, r := range d.Roles {
		path := c.roles.path("roles", i, r.Name)
		c.role(path, r)
		c.managesNone = c.managesNone || c.out.touched(path+".manages")
	}
	for i, r := range d.Roles {
		c.managed(c.roles.path("roles", i, r.Name), r)
	}
	for i, s := range d.Sections {
		c.section(c.sections.path("sections", i, s.Name), s)
	}
	for i, r := range d.Rules {
		c.rule(ruleIDs.path("rules", i, r.ID), r)
	}
	for i, s := range d.Signatures {
		c.signature(c.signatures.path("signatures", i, s.Name), s)
	}
	for i, s := range d.Lifecycle.States {
		c.state(c.states.path("lifecycle.states", i, s.Name), s)
	}
	c.stateReference("lifecycle.initial", d.Lifecycle.Initial)
	for i, e := range d.Lifecycle.Events {
		c.event(c.events.path("lifecycle.events", i, e.Name), e)
	}
	for _, fact := range factNames {
		if c.sections.has(fact) {
			c.out.add("sections."+fact, CodeName, "%s is no name for a section: in expressions it is a fact", quote(fact))
		}
	}
	for _, f := range d.Needs.Functions {
		at := join("needs.functions", f.Name)
		if f.Call != nil { // it would be lost on the way to the canonical JSON
			c.out.add(at, CodeValue, "a template declares a function, and the application gives it: see Template.With")
		}
	}
	c.references("notes", "role", d.Notes, c.roles)
	for i, date := range d.Holidays {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			c.out.add(fmt.Sprintf("holidays[%d]", i), CodeValue, "a holiday is a date such as \"2026-12-25\"")
		}
	}
	return !c.large && !c.out.full()
}

// collect gathers names and reports those that are no ids or stand twice.
func collect[T any](c *checker, path string, most int, things []T, name func(T) string) names {
	n := names{index: make(map[string]int, len(things)), misread: c.out.misread(path), doubled: c.out.doubled(path)}
	if len(things) > most {
		c.tooLarge(path, "%d %s are more than %d", len(things), path[strings.LastIndexByte(path, '.')+1:], most)
		return n
	}
	for i, thing := range things {
		switch name := name(thing); {
		case !isID(name):
			c.out.add(element(path, i, name, false), CodeName, "%s", badName(name))
			n.wrong = append(n.wrong, name)
		case n.has(name):
			c.out.add(element(path, i, name, true), CodeDuplicate, "%s is defined twice", quote(name))
		default:
			n.list = append(n.list, name)
			n.index[name] = i
		}
	}
	return n
}

// path is that of thing i in a list: by its name, unless that is another's.
func (n names) path(list string, i int, name string) string {
	return element(list, i, name, n.index[name] != i)
}

func badName(name string) string {
	switch {
	case name == "":
		return "a name is missing"
	case len(name) > maxName:
		return fmt.Sprintf("a name has at most %d characters", maxName)
	}
	return fmt.Sprintf("%s is not a name: small letters a to z, digits and _, beginning with a letter", quote(name))
}

func (c *checker) tooLarge(path, format string, args ...any) {
	c.large = true
	c.out.add(path, CodeLimit, format, args...)
}

// count counts what no list bounds by itself.
func (c *checker) count() {
	fields := 0
	for i, s := range c.d.Sections {
		fields += c.countFields(c.sections.path("sections", i, s.Name)+".fields", s.Fields, 0)
	}
	if fields > maxFields {
		c.tooLarge("sections", "%d fields are more than %d, those inside lists and records included", fields, maxFields)
	}
	if n := len(c.d.Holidays); n > maxHolidays {
		c.tooLarge("holidays", "%d holidays are more than %d", n, maxHolidays)
	}
}

// countFields counts fields at every depth. A definition made in Go may hold a
// field that contains itself; the depth ends that, too.
func (c *checker) countFields(path string, fields []rules.Field, depth int) int {
	if len(fields) > 0 && depth > maxDepth {
		c.tooLarge(path, "lists and records nest at most %d deep", maxDepth)
	}
	n := len(fields)
	if c.large || n > maxFields {
		return n
	}
	for _, f := range fields {
		at := path
		if f.Name != "" {
			at = join(path, f.Name)
		}
		n += c.countFields(at+".fields", f.Fields, depth+1)
		if f.Of != nil { // no field itself, but it may hold some
			n += c.countFields(at+".of", []rules.Field{*f.Of}, depth+1) - 1
		}
	}
	return n
}

// reference reports a name that is not defined, unless none could be read, or it
// is near one that is refused for its spelling, or may be meant where another is
// given twice.
func (c *checker) reference(path, kind, name string, known names) bool {
	if known.has(name) {
		return true
	}
	switch {
	case name == "":
		c.out.add(path, CodeMissing, "a %s is missing", kind)
	case known.uncertain(name):
		c.out.follow(path, CodeReference)
	default:
		c.out.unknown(path, kind, name, known.list)
	}
	return false
}

// uncertain reports whether a name that is not among the known ones may yet be
// meant to be.
func (n names) uncertain(name string) bool {
	return nearest(name, n.wrong) != "" || n.misread && len(n.list) == 0 || n.doubled
}

// stateReference leaves a state that is not defined to the lifecycle to report,
// unless it is as with reference.
func (c *checker) stateReference(path, name string) {
	if name != "" && !c.states.has(name) && c.states.uncertain(name) {
		c.out.follow(path, CodeReference)
	}
}

// references reports names of a list that are not defined or stand twice.
func (c *checker) references(path, kind string, list []string, known names) {
	if c.crowded(path, len(list)) {
		return
	}
	for i, name := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		if c.reference(at, kind, name, known) && slices.Index(list, name) < i {
			c.out.add(at, CodeDuplicate, "%s is named twice", quote(name))
		}
	}
}

// crowded reports a list that names more than there can be.
func (c *checker) crowded(path string, n int) bool {
	if n > maxNamed {
		c.tooLarge(path, "%d names are more than %d", n, maxNamed)
	}
	return n > maxNamed
}

// some reports a list that must not be empty.
func (c *checker) some(path, what string, n int) {
	if n == 0 {
		c.out.add(path, CodeMissing, "%s", what)
	}
}

// language is the form of a language tag (RFC 5646), as far as one need know
// it: "it", "de-CH", "zh-Hant".
var language = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// text reports a text whose languages are none, or that says nothing in one of
// them. No text at all is fine.
func (c *checker) text(path string, t rules.Text, most int) {
	if t != nil && len(t) == 0 {
		c.out.add(path, CodeMissing, "a text is missing")
	}
	if len(t) > maxLanguages {
		c.out.add(path, CodeLimit, "%d languages are more than %d", len(t), maxLanguages)
		return
	}
	for _, lang := range languages(t) {
		at := join(path, lang)
		switch s := t[lang]; {
		case len(lang) > maxLanguage || !language.MatchString(lang):
			c.out.add(at, CodeName, "%s is not a language tag such as \"it\" or \"de-CH\"", quote(lang))
		case strings.TrimSpace(s) == "":
			c.out.add(at, CodeMissing, "the text is empty")
		case len(s) > most:
			c.out.add(at, CodeLimit, "the text has %d bytes, more than %d", len(s), most)
		default:
			c.printable(at, s)
		}
	}
}

// languages gives the languages of a text, in alphabetical order.
func languages(t rules.Text) []string {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

// printable reports text that is not what it looks like. A template is read by
// people before they trust it, so nothing in it may hide or reorder what stands
// beside it; and what is left, every JSON library writes the same way.
func (c *checker) printable(path, s string) {
	if !utf8.ValidString(s) {
		c.out.add(path, CodeValue, "the text is not UTF-8")
		return
	}
	for _, r := range s {
		hidden := unicode.IsControl(r) && r != '\n' && r != '\t' ||
			r == '\u2028' || r == '\u2029' || r == '\ufeff' || // line separators, byte order mark
			'\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' // order of writing
		if hidden {
			c.out.add(path, CodeValue, "the text holds the invisible character %U", r)
			return
		}
	}
}

// quorum reads how many must sign: 0 for all who have the role.
func quorum(s string) (n int, ok bool) {
	switch s {
	case "", "one":
		return 1, true
	case "all":
		return 0, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= maxQuorum && strconv.Itoa(n) == s
}
