// Package template is how a kind of digital tray is defined: its roles, its
// sections with fields, its rules, its signatures, and its lifecycle.
//
// There are three ways to a [Template], and they lead to the same one:
//
//   - [Load] reads YAML, which is how people write templates;
//   - [Compile] takes a [Definition], which is how programs do;
//   - [Parse] takes the canonical JSON, which is how templates travel.
//
// A template that cannot be loaded says everything that is wrong with it at
// once, as [Problems]: each with file, line and column (inside an expression,
// too), what was expected, and what was probably meant. Mistakes in structure,
// fields, expressions and the lifecycle are told together, and what is unsound
// (see below) besides; what merely follows from a mistake is not.
//
// # A template
//
// The parts of a template, in the smallest one that makes sense:
//
//	template: leave
//	version: 1
//	roles:
//	  employee: {manages: [employee, manager]}
//	  manager:  {}
//	sections:
//	  request:
//	    read: [employee, manager]
//	    write: [employee]
//	    fields:
//	      from: {type: date, required: true}
//	      days: {type: integer, min: 1, max: 30, required: true}
//	  answer:
//	    read: [employee, manager]
//	    write: [manager]
//	    fields:
//	      remark: {type: text}
//	lifecycle:
//	  initial: draft
//	  states:
//	    draft:   {edit: {employee: [request]}}
//	    waiting: {edit: {manager: [answer]}, due: 3d}
//	    granted: {final: true}
//	    refused: {final: true}
//	  events:
//	    ask:    {from: draft, to: waiting, by: [employee], valid: [request]}
//	    grant:  {from: waiting, to: granted, by: [manager]}
//	    refuse: {from: waiting, to: refused, by: [manager], reason: required}
//
// A role manages others: it may admit, invite and dismiss their participants.
// Every role has a manager. A section is read and written by roles; only its
// readers can open it, whoever keeps the tray. Fields have types and rules of
// their own; rules over several sections stand under "rules". A state says who
// may edit what, an event who may leave the state, what must be valid then, and
// what must be signed.
//
// Every key, type, function and format, with an example of each, stands on the
// page for those who write templates, README.md beside this file. The package's
// schema.json, which [JSONSchema] returns, lets editors complete and check the
// form.
//
// For whoever acts in a role that a section is per, it means his own instance;
// in any other role, that of everybody who is still there: in the "valid" of an
// event, in what a signature covers, and in rules, which must hold for each.
// Where what makes a signature required reads a section that is per the signer's
// role, each signs for himself: whoever's own bid is over 10,000, say, and
// nobody else. When a state shows a section to further readers, they get it by
// the next commit of somebody who holds it; until then it is owed to them, and a
// condition that they attest waits, which makes sure that they have read it.
//
// A template may need what only some applications have, functions and formats of
// their own, and names it with its types. An application hands its own in by
// [Template.With]; everybody else loads the template all the same, and evaluates
// what does not need them.
//
// YAML is read strictly: every key is known and given once, texts are texts,
// there is one document, without anchors, aliases and tags, of lines that end with
// a line feed.
//
// # What travels
//
// A tray pins the SHA-256 of its template's canonical JSON: [Template.Digest].
// The canonical JSON is the definition with every default filled in, and with
// the table of its conditions. It has one accepted encoding, so [Parse] decodes
// it, compiles it, encodes it again and compares all bytes. A tray keeps its
// template for life; a new version is for new trays.
//
// Compiling costs milliseconds. A [Cache] compiles each template once for its
// digest and shares it; a Template never changes.
//
// # Conditions
//
// Every expression that decides something is a row of [Template.Conditions]:
// valid.SECTION for the fields of a section and the rules over it alone,
// rule.ID for any other rule, guard.EVENT, and required.SIGNATURE. A row says
// what the condition reads, at which events it is due, and, where it reads what
// not everybody can, the roles whose word on its outcome counts. So a program
// without an expression language can follow who has a right to what, and one
// with it recomputes the table and compares. [Template.Explain]
// tells people who can decide what.
//
// A condition that reads no opaque section is public: whoever replays a log
// evaluates it himself, and a wrong outcome makes the log invalid. So nothing in
// it may depend on when the reader's program was made: formats and functions of
// which the tables are revised (bic, country, currency, iban, vat_eu) and named
// time zones are refused there, in the fields of a public section, too.
//
// # Sound and unsound
//
// [Load] and [Compile] also refuse what is legal and cannot work: a state that
// nobody leaves, a required field that nobody can have written when it is
// asked for, a condition that nobody can evaluate, a signer who cannot read what
// he signs, or under whose hands others may still change it. What may be meant
// so is among [Template.Warnings]: a rule that its fields' own bounds make sure
// of, a section that nobody writes, a missing translation, an expression that
// YAML may cut, a condition on which, in a state where an event needs it, the only
// word is that of whom it binds: others read it later, or not at all (an "attest"
// says that this is meant). What conditions could cost is bounded.
// Parse does not judge: who has a tray of a template must be able to read it.
package template
