// Package rules declares, compiles and evaluates conditions over documents of
// which the evaluator may be unable to read a part.
//
// There are four things to know: a [Definition], a [Set], an [Input] and a
// [Verdict].
//
// A Definition says what sections there are, with typed fields, and what must
// hold: rules on a field (required, shown only when, computed, checked), rules
// over several sections, and further conditions such as "is this signature
// required". Expressions are written in CEL:
//
//	quantity * price                     // in a field: the fields beside it are bare names
//	products.total <= credit.limit       // in a rule: sections, then fields
//	old.customer.vat == customer.vat     // old is the content before this revision
//
// [Compile] checks all of it and returns a Set, or [Diagnostics] with every
// mistake at once, each with its place in the file, a caret, and what was
// probably meant: first those in declarations, then those in expressions. What
// follows from a mistake is not told besides: an expression may use a field that
// is declared wrongly as if it were of any type. A comparison with a choice that
// there is not is a mistake, and for whoever writes a definition so is what
// always breaks: a division by zero, amounts of two currencies. [Inspect] tells
// what the sound conditions of a definition read even if others are not.
//
//	set, err := rules.Compile(definition)
//	for _, info := range set.Conditions() {
//		fmt.Println(info.ID, info.Sections) // who can read these can evaluate it
//	}
//
// [Set.Lint] lists what is legal and probably not meant, such as a rule that can
// never fail, since the bounds of its fields make sure of it, or one that cannot be
// told while a field is absent which nothing requires.
//
// An Input holds what one evaluator knows: contents that he can read, and the
// names of those that he cannot. [Set.Eval] gives a Verdict:
//
//	in := set.Input()
//	in.Section("products", content)
//	in.Hidden("credit")
//	v := set.Eval("rule.covered", in) // Unknown; v.Hidden is [credit]
//
// # Outcomes
//
// There are four: [Pass], [Fail], [Unknown] and [Error]. Unknown says what is
// missing: sections that cannot be read (Hidden), fields that are absent
// (Absent), or functions that the evaluator does not have (Lacks). Where a part that is known decides, the outcome is definite all
// the same: false && x is false whatever x is. A definite outcome never
// depends on what is hidden, and no outcome, message or error tells anything
// of it. Error means that the rule itself broke, by a division by zero, say; where
// others fail beside it, the outcome is Fail, with the error. A verdict is for whoever
// may read what was evaluated: which fields it names, as absent, as wrong or as
// broken, can follow from their values. What errors print does not: it is the id of
// the condition.
//
// # The rules of fields
//
// "valid.<section>" is one condition: everything that the fields of a section
// demand, item by item, and the rules that read this section alone. In it, a
// check that lacks an optional field does not apply. A field whose When does
// not hold, or cannot be told for lack of a field, must be absent, and nothing
// demands it.
//
// When and Compute read their own section as it is now, and nothing else: what
// a form shows and computes is the same for everybody, at any time. [Set.Compute]
// computes what can be: a field that breaks is absent, with all that is computed from
// it, and the error says so. A value of such a field is a violation. Checks may
// read facts, and old, as may what a field requires and which choices it offers.
// Those that read old are no part of the section's validity. They make a
// condition of their own, "change.<section>", to be evaluated whenever the
// section is written: later, what it held between two events could not be told.
// Where there is no revision before, a condition that reads old is skipped, which
// counts as Pass.
//
// # Values
//
// Numbers are integers and exact decimals; there are no floats. Write
// decimal("0.50"), not 0.5. A product keeps all its decimals, and only .round
// (halves away from zero), .roundHalfEven and .div(divisor, decimals) round;
// .sum() adds a list.
//
// Money is an exact amount of a currency, as in money("12.50 EUR") or
// money(decimal, "EUR"), of which .amount() and .currency() are the parts.
// Amounts of one currency are added, subtracted, compared and summed, and money
// is multiplied and divided by numbers, and rounded, as decimals are. Those of
// two currencies are unequal, and to add or order them is an error: one that
// the declared currencies tell is a mistake in the definition. A sum of no
// amounts has no currency, so .sum() of an empty list is an error; .sum("EUR")
// is zero there. Money is no number: compare it with money, or its .amount()
// with a decimal.
//
// Dates are date("2026-01-31"), with addDays, addMonths,
// daysUntil, year, month, day, weekday, and the working days of the
// definition's holidays: isWorkday, addWorkdays, workdaysUntil. Of a datetime,
// date() is the day in its own offset; getHours() and the like tell it in UTC,
// getHours("+01:00") in an offset, getHours("Europe/Rome") in a named zone. There
// is no now(): time comes in as a fact.
//
// days(3) is a duration. Of a duration, getDays, getHours, getMinutes and
// getSeconds are each all of it in that unit, a day being 24 hours, and what is
// not a whole unit is cut off, towards zero: of 36 hours, one day, and of -36
// hours, -1.
//
// Beside the standard of CEL there are optional values (a.?b.orValue(0)),
// strings, lists, sets, math on integers, cel.bind and comprehensions with two
// variables (but transformMap), from the engine's own extensions, and the formats
// of this package as functions such as text.isEmail(). All of them, with their
// types and an example of each, are in tray/template/README.md, for those who
// write templates.
//
// # Safety
//
// A definition may come from a stranger. Its size, the depth and the number of
// nodes of each expression, and the static cost of all conditions together, for
// every instance of what they read, are bounded when it is compiled; every text
// and every list has a maximum, which bounds the cost of what reads them, and
// values beyond it are never given to an expression. What has no static bound is
// refused: nothing is metered when it runs, which would take four times as long
// and, since the engine counts a call after it, stop too late. Tests hold the
// static cost against what the engine counts over the largest values. limits.go
// lists the bounds with their reasons.
//
// The cost is an estimate of this version, and so a matter of prudence, for
// whoever lets a definition in. Whoever finds one in use, since a log was
// written under it, takes it with [CompileFrozen], which enforces the other
// bounds only: those are frozen, and no log changes its meaning with a version.
// What nobody can have admitted is then not run, and has no outcome ([ErrTooDear]):
// what another version would come to is not known.
//
// Two readers of one log must also agree on what they evaluate. [Info] says of
// each condition whether it is Replayable, and if not, which named time zone,
// format of a revised table or function of the application stands in the way.
// Nothing depends on the machine: its own time zone cannot be named, the entries
// of a map, which come in no order, cannot be walked, and there is no locale. The
// table of named zones is the machine's; where it has none, as in a browser, it is
// that of time/tzdata, which is linked in and makes a program 0.4 MB larger.
//
// # Functions of the application
//
// A definition can name functions and formats that only some applications have:
// a look-up in a catalogue, a code of a company. It declares them with their
// types, so everybody can compile it, price it and see what it reads; the
// application gives its own to the compiled set, [Set.With]. Whoever lacks one
// comes to no outcome that it could change, and is told its name. In When and
// Compute they cannot be called.
//
// They are the application's own code, and no part of what is bounded: a call
// counts little in the static cost, gets no context, and cannot be stopped, so
// an evaluation takes as long as they do, and may call them up to 50,000 times.
// Keep them to look-ups in memory; one that may take longer gives up by itself, with
// an error.
//
// A Set never changes; it and a filled Input are safe for concurrent use.
package rules
