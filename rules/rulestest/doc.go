// Package rulestest tests rules by tables: what goes in, who looks at it, and
// what each rule has to say; and it tells which rules, which demands of fields
// and which branches of expressions no test shows.
//
// A test file stands beside its template, order_test.yaml beside order.yaml:
//
//	options: {now: 2026-08-02T15:00:00Z}   # the clock of the facts now and today
//	fixtures:
//	  base:                                # section → field → value
//	    products:
//	      lines: [{sku: A1, quantity: 2, price: "10.00"}]
//	    credit: {limit: 100}
//	tests:
//	  - name: within the limit
//	    from: base
//	    expect: {covered: pass}
//	  - name: over the limit
//	    from: base
//	    set: {credit.limit: 10, "products.lines[0].quantity": 3}
//	    expect:
//	      covered: {fail: the order exceeds the credit limit, at: products.total}
//	  - name: sales cannot tell
//	    from: base
//	    as: sales                          # hides what the role cannot read
//	    expect: {covered: {unknown: [credit]}}
//
// A Go test runs all of them, each case as a subtest, and may ask for a
// coverage:
//
//	func TestRules(t *testing.T) {
//		for _, r := range rulestest.Run(t, os.DirFS("templates"), template.Load) {
//			if r.Coverage.Percent() < 100 {
//				t.Error(r.Coverage)
//			}
//		}
//	}
//
// [CheckFS] does the same without a test, for a program that prints
// [Report.WriteText], [WriteJSON] or [WriteJUnit]. [Check] takes suites
// written in Go, and a [Template], which is *template.Template or a set of
// rules alone by [Bare]. [Scaffold] writes a first test file.
//
// # Content
//
// A case begins with the fixture that "from" names. "set" changes it by path;
// null takes away, and the index after the last item of a list adds one.
// Computed fields are computed where they are not given, as a client does, and
// absent where that breaks.
// Numbers may stand without quotes, decimals without their last zeros; money is
// written 12.50 EUR, or 12.50 where there is one currency only. "old" names the
// fixture with the content before the revision. Without "from", nothing was
// written. A value that is not of the type of its field, or none of its choices, is
// told once, where it stands, as are names of what there is not; nothing of that
// template is evaluated. A test that means a value to be no choice names what the
// choice demands ("customer.kind.choice").
//
// # Who looks
//
// "as" is a role: sections that it does not read in the "state" (the initial
// one by default) are hidden, whether they were written or not. "hide" names
// further sections. Without either, everything is readable. The facts "role",
// "state", "now" and "today" follow from the case; "facts" gives others, or
// these otherwise.
//
// A condition over sections that are "per" a role is evaluated for each instance
// by itself, and sees no other. So a case is about one instance, with whatever
// content it gives to these sections, and several instances are several cases,
// or rows of a table. By default the instance is that of whoever looks;
// "instance: other" makes it somebody else's, which is hidden from a role that
// reads only its own.
//
//	tests:
//	  - name: a competitor cannot tell
//	    from: base
//	    as: bidder
//	    instance: other
//	    expect: {affordable: {unknown: [bid]}}
//
// # What is expected
//
// Rules are named as the table of conditions does ("valid.customer",
// "change.customer", "rule.covered", "guard.submit", "required.receipt"), a rule
// of the template also by its id ("covered"), and what a single field demands as
// its violation is ("customer.vat.required", "products.lines[].price.bounds"): it passes
// where the section's validity can be told, and finds no such violation; or, for
// what reads old, the section's change ("change.customer").
// What the field does not declare, such as a format that it has not, cannot be
// expected of it.
//
//	covered: pass
//	covered: fail                                  # whatever the message
//	covered: {fail: the message, at: products.total}
//	valid.customer: {fail: [customer.vat.required, customer.phone.format]}  # these violations and no others
//	discount: {warning: the message}               # it passes all the same
//	covered: {unknown: [credit]}                   # sections that cannot be read
//	covered: {absent: [credit.limit]}              # fields without a value
//	article: {lacks: [knownArticle]}               # what only the application has
//	average: {error: division by zero}
//	valid.bid: {fail: [bid.price.bounds], error: division by zero} # what breaks, beside what fails
//	keep: skipped                                  # there is no content before
//
// Only what is expected is evaluated, so no rule is covered that no test names; one
// that names a single demand of a section covers the branches of all that the section
// demands, since they are evaluated with it. Cases that differ in a few values are
// rows of a table: the values of "set", then the outcomes of "expect".
//
//	tables:
//	  - name: the limit
//	    from: base
//	    set: [credit.limit]
//	    expect: [covered]
//	    rows:
//	      - [20, pass]
//	      - [19.99, {fail: the order exceeds the credit limit}]
//
// # Functions of the application
//
// A template that needs functions or formats of the application is given them
// where it is loaded. Without, what needs them is unknown, and says so.
//
//	load := func(fsys fs.FS, name string) (*template.Template, error) {
//		tpl, err := template.Load(fsys, name)
//		if err != nil {
//			return nil, err
//		}
//		return tpl.With(library)
//	}
//	rulestest.Run(t, fsys, load)
//
// # Coverage
//
// [Coverage] counts what rules are expected to say (pass, fail, and unknown
// where some role cannot read everything), that each demand of a field is
// violated, and both ways of every branch. A demand is what the field declares:
// required, a format, a bound, choices, currencies, a check, a computed value,
// and that it is absent where it does not apply. An expectation shows its
// violation by naming it, as a single demand or in a list, or by its message or
// place; a bare "fail" of a section shows none. What is missing has its place in the template as file:line:column. The percentage
// is rounded down.
package rulestest
