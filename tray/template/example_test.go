package template_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/vassoio/vassoio/rules"
	"github.com/vassoio/vassoio/tray/template"
)

func ExampleLoad() {
	t, err := template.Load(os.DirFS("testdata"), "order.yaml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Name(), t.Version())
	for _, c := range t.Needs("validate") {
		fmt.Println(c.ID, "reads", c.Sections, "and counts if said by", c.Attest)
	}
	// Output:
	// order 1
	// valid.customer reads [customer] and counts if said by [sales customer care]
	// valid.products reads [products] and counts if said by [sales customer care]
	// valid.credit reads [credit] and counts if said by [care]
	// rule.covered reads [products credit] and counts if said by [care]
}

// All mistakes are told at once, each where it stands.
func ExampleProblems() {
	files := fstest.MapFS{"leave.yaml": {Data: []byte(`template: leave
version: 1
roles:
  employee: {manages: [employe]}
sections:
  request:
    read: [employee]
    write: [employee]
    fields:
      days: {type: integer, min: 1}
      half: {type: boolean, when: day == 1}
lifecycle:
  initial: draft
  states:
    draft: {edit: {employee: [request]}}
    asked: {final: true}
  events:
    ask: {from: draft, to: asked, by: [employee], vaild: [request]}
`)}}
	_, err := template.Load(files, "leave.yaml")
	var problems template.Problems
	if !errors.As(err, &problems) {
		log.Fatal(err)
	}
	for _, p := range problems {
		fmt.Println(p)
		fmt.Println(p.Snippet)
	}
	// Output:
	// leave.yaml:4:24: roles.employee.manages[0]: unknown role "employe"; did you mean "employee"?
	//       employee: {manages: [employe]}
	//                            ^
	// leave.yaml:11:35: sections.request.fields.half.when: there is no "day" here; did you mean "days"?
	//           half: {type: boolean, when: day == 1}
	//                                       ^
	// leave.yaml:18:51: lifecycle.events.ask.vaild: unknown key "vaild"; did you mean "valid"?
	//         ask: {from: draft, to: asked, by: [employee], vaild: [request]}
	//                                                       ^
}

// A program writes a definition down as Go values.
func ExampleCompile() {
	t, err := template.Compile(template.Definition{
		Name:    "poll",
		Version: 1,
		Roles:   []template.Role{{Name: "host", Manages: []string{"host", "voter"}}, {Name: "voter"}},
		Sections: []template.Section{{
			Name:  "vote",
			Per:   []string{"voter"}, // each voter has a vote of its own
			Read:  []template.Reader{{Role: template.Self}, {Role: "host", In: []string{"counting"}}},
			Write: []string{template.Self},
			Fields: []rules.Field{
				{Name: "choice", Kind: rules.KindChoice, Required: true, Choices: []rules.Choice{{Name: "yes"}, {Name: "no"}}},
			},
		}},
		Lifecycle: template.Lifecycle{
			Initial: "voting",
			States: []template.State{
				{Name: "voting", Edit: []template.Edit{{Role: "voter", Sections: []string{"vote"}}}, Due: "48h"},
				{Name: "counting"},
				{Name: "counted", Final: true},
			},
			Events: []template.Event{
				{Name: "close", From: []string{"voting"}, To: "counting", By: []string{"host"}},
				{Name: "publish", From: []string{"counting"}, To: "counted", By: []string{"host"}, Valid: []string{"vote"}},
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	vote := t.Section("vote")
	fmt.Println("the host reads votes while they are cast:", vote.ReadBy("host", "voting"))
	fmt.Println("the host reads votes when they are counted:", vote.ReadBy("host", "counting"))
	fmt.Println("voting should take", t.State("voting").Due)
	// Output:
	// the host reads votes while they are cast: false
	// the host reads votes when they are counted: true
	// voting should take 2d
}

// What travels with a tray is the canonical JSON; its digest is what the tray
// pins.
func ExampleParse() {
	written, err := template.Load(os.DirFS("testdata"), "leave.yaml")
	if err != nil {
		log.Fatal(err)
	}
	canonical := written.Canonical()

	read, err := template.Parse(canonical)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(read.Digest() == written.Digest())

	_, err = template.Parse(append(canonical, '\n'))
	fmt.Println(err)
	// Output:
	// true
	// template: not the canonical encoding of a template: encoded again, it differs at byte 1271
}

func ExampleCache() {
	var cache template.Cache
	t, err := template.Load(os.DirFS("testdata"), "leave.yaml")
	if err != nil {
		log.Fatal(err)
	}
	first, err := cache.Parse(t.Canonical())
	if err != nil {
		log.Fatal(err)
	}
	second, err := cache.Parse(t.Canonical())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(first == second)
	// Output: true
}

// A template that is accepted may still be doubtful.
func ExampleTemplate_Warnings() {
	t, err := template.Load(os.DirFS("testdata"), "order.yaml")
	if err != nil {
		log.Fatal(err)
	}
	for _, w := range t.Warnings() {
		fmt.Println(w)
	}
	// Output:
	// order.yaml:5:14: roles.sales.title: the text is missing in en
	// order.yaml:6:14: roles.customer.title: the text is missing in en
	// order.yaml:7:14: roles.care.title: the text is missing in en
	// order.yaml:30:3: sections.credit: whether valid.credit holds when validate needs it in state validating is said by care alone, whom it binds: nobody else can check it; let another role read credit, or write "attest: [care]" to say that it is meant
	// order.yaml:36:3: rules.covered: whether rule.covered holds when validate needs it in state validating is said by care alone, whom it binds: nobody else can check it; let another role read products, credit, or write "attest: [care]" to say that it is meant
}

// Editors use the JSON Schema to complete and underline while one writes.
func ExampleJSONSchema() {
	fmt.Printf("%.60s…\n", template.JSONSchema())
	// Output:
	// {
	//   "$schema": "https://json-schema.org/draft/2020-12/schema…
}
