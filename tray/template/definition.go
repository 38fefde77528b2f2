package template

import "github.com/vassoio/vassoio/rules"

// Format is the version of the template format; it stands in every canonical
// template, and a template of another format is refused.
const Format = "vassoio-template/1"

// Self, as a reader or writer of a section that is [Section.Per] a role, means
// the participant whose instance it is.
const Self = "self"

// Definition is a template as data: what the YAML says, what the canonical JSON
// holds, and what a Go program writes down. Compile checks it and fills in
// Format, Conditions and every default.
//
// Order is part of the meaning: fields stand in the commitment in the order in
// which they are defined, and conditions are listed in theirs.
type Definition struct {
	Format     string      `json:"format"`
	Name       string      `json:"template"`
	Version    int         `json:"version"`
	Title      rules.Text  `json:"title,omitempty"`
	Roles      []Role      `json:"roles"`
	Sections   []Section   `json:"sections"`
	Rules      []Rule      `json:"rules,omitempty"`
	Signatures []Signature `json:"signatures,omitempty"`
	Lifecycle  Lifecycle   `json:"lifecycle"`
	Notes      []string    `json:"notes,omitempty"`    // roles that read notes, besides the author; if empty, those that manage his role
	Holidays   []string    `json:"holidays,omitempty"` // dates that working-day functions skip
	Needs      Needs       `json:"needs,omitzero"`
	Conditions []Condition `json:"conditions"`
	Source     *Source     `json:"-"` // where the definition was written; nil for Go values
}

// Needs are the functions and formats that the template takes from the
// application: see [Template.With]. Nobody else can evaluate the conditions over
// them, so these are attested, or they are rules that only warn.
type Needs struct {
	Functions []rules.Function `json:"functions,omitempty"`
	Formats   []string         `json:"formats,omitempty"` // for the "format" of fields
}

// Role is a part in the process.
type Role struct {
	Name    string     `json:"role"`
	Title   rules.Text `json:"title,omitempty"`
	Manages []string   `json:"manages,omitempty"` // roles to which it may admit, invite and dismiss
}

// Section is a named group of fields, the unit of opacity.
type Section struct {
	Name   string        `json:"section"`
	Title  rules.Text    `json:"title,omitempty"`
	Public bool          `json:"public,omitempty"` // stands in the log, readable by whoever holds it
	Per    []string      `json:"per,omitempty"`    // each participant in one of these roles has an instance of its own
	Read   []Reader      `json:"read,omitempty"`
	Write  []string      `json:"write"`            // roles, or Self
	Attest []string      `json:"attest,omitempty"` // whose word counts on the section's validity; any reader's if empty
	Fields []rules.Field `json:"fields"`
}

// Reader is a role that reads a section: always, or only in some states.
type Reader struct {
	Role string   `json:"role"`         // or Self
	In   []string `json:"in,omitempty"` // states; every state if empty
}

// Rule is a condition over sections, due at events.
type Rule struct {
	rules.Rule
	Attest []string `json:"attest,omitempty"` // whose word counts; any reader's if empty
}

// Signature is a declaration that participants of a role sign over sections.
type Signature struct {
	Name       string     `json:"signature"`
	Title      rules.Text `json:"title,omitempty"`
	By         string     `json:"by"`
	Covers     []string   `json:"covers"`
	Declare    rules.Text `json:"declare"`
	Required   bool       `json:"required,omitempty"`    // always; else by RequiredIf; else optional
	RequiredIf string     `json:"required_if,omitempty"` // condition under which it is required, of each signer by himself where [Template.SignedByEach]
	Quorum     string     `json:"quorum"`                // "one", "all" or a number of participants; "one" by default
	Blind      bool       `json:"blind,omitempty"`       // a signer need not be able to read what it covers
	Attest     []string   `json:"attest,omitempty"`      // whose word counts on RequiredIf
}

// Lifecycle says whose turn it is.
type Lifecycle struct {
	Initial string  `json:"initial"`
	States  []State `json:"states"`
	Events  []Event `json:"events"`
}

// State is a stage of the lifecycle.
type State struct {
	Name  string     `json:"state"`
	Title rules.Text `json:"title,omitempty"`
	Final bool       `json:"final,omitempty"`
	Due   string     `json:"due,omitempty"` // how long the state should last, such as "3d12h"
	Edit  []Edit     `json:"edit,omitempty"`
}

// Edit lets a role write sections in a state. The section's own writers still
// count.
type Edit struct {
	Role     string   `json:"role"`
	Sections []string `json:"sections"`
}

// Event leads from one state to the next.
type Event struct {
	Name   string     `json:"event"`
	Title  rules.Text `json:"title,omitempty"`
	From   []string   `json:"from"`
	To     string     `json:"to"`
	By     []string   `json:"by"`
	Guard  string     `json:"guard,omitempty"`  // condition that must hold
	Attest []string   `json:"attest,omitempty"` // whose word counts on the guard
	Valid  []string   `json:"valid,omitempty"`  // sections that must be valid
	Signed []string   `json:"signed,omitempty"` // signatures that must be given, where required
	Reason *Reason    `json:"reason,omitempty"`
}

// Reason is the free text that goes with an event, sealed to its readers.
type Reason struct {
	Required bool     `json:"required,omitempty"`
	Read     []string `json:"read,omitempty"` // roles, besides the author; if empty, those that manage his role
}

// Condition is a row of the template's table of conditions. With it a program
// that has no CEL follows every right and every attestation.
type Condition struct {
	ID       string   `json:"condition"`          // valid.SECTION, change.SECTION, rule.ID, guard.EVENT or required.SIGNATURE
	Sections []string `json:"sections,omitempty"` // read, in the template's order
	Facts    []string `json:"facts,omitempty"`    // public facts read
	Old      bool     `json:"old,omitempty"`      // reads the revision before, too
	Needs    []string `json:"needs,omitempty"`    // functions and formats of the application that it takes
	Attest   []string `json:"attest,omitempty"`   // roles whose word counts; empty if everybody can evaluate it, or nobody has to
	Writer   bool     `json:"writer,omitempty"`   // so does the word of whoever writes its one section in the same entry
	Events   []string `json:"events,omitempty"`   // at which it is due
}
