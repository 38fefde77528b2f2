package rules

import (
	"slices"
	"strings"
)

// Most who write a template know another language, or a spreadsheet. This file
// has what they write, and what to write instead; the messages say it.

// kindsElsewhere are the types of fields by the names that they have elsewhere.
var kindsElsewhere = words(map[string]string{
	"string str char varchar textarea email":              `"text"`,
	"int long whole bigint":                               `"integer"`,
	"number numeric float double real percent percentage": `"decimal" or "integer"`,
	"bool flag checkbox yesno":                            `"boolean"`,
	"timestamp time moment instant":                       `"datetime"`,
	"enum select option options dropdown":                 `"choice"`,
	"currency price eur":                                  `"money"`,
	"array set table multiple":                            `"list"`,
	"object map struct group mapping":                     `"record"`,
	"interval timespan period":                            `"duration"`,
})

// formatsElsewhere are formats by other names.
var formatsElsewhere = words(map[string]string{
	"mail emailaddress":                     `"email"`,
	"codicefiscale cf taxcode fiscalcode":   `"tax_code_it"`,
	"partitaiva piva vat vatnumber":         `"vat_it" or "vat_eu"`,
	"url link website":                      `"uri"`,
	"tel telephone mobile phonenumber cell": `"phone"`,
	"cap zip zipcode postcode postalcode":   `"postal_code_it"`,
	"guid":                                  `"uuid"`,
	"swift":                                 `"bic"`,
	"domain host":                           `"hostname"`,
	"version":                               `"semver"`,
	"countrycode iso3166":                   `"country"`,
	"currencycode iso4217":                  `"currency"`,
	"codicedestinatario sdicode codicesdi":  `"sdi"`,
})

// namesElsewhere are names that stand for something else than a field.
var namesElsewhere = words(map[string]string{
	"true yes on":        "write true",
	"false no off":       "write false",
	"none nil undefined": "whether a field is there is told by has(field)",
	"new current":        "what a section holds now is written without it, and what it held before with old",
	"self it value":      `the value of the field is "this" in a check`,
	"this":               "the value of a field is this in its own check; elsewhere the field stands by its name",
})

// functionsElsewhere are functions and members of values by other names, with
// what to write: $ is what they are called on, or the first argument.
var functionsElsewhere = words(map[string]string{
	"len length strlen": "$.size()",
	"count countif":     "$.size(), or $.filter(item, condition).size()",
	"upper uppercase toupper touppercase ucase":        "$.upperAscii()",
	"lower lowercase tolower tolowercase lcase":        "$.lowerAscii()",
	"includes like instr search icontains":             "$.contains(text)",
	"match test regex regexmatch regexp":               `$.matches("pattern")`,
	"substr mid":                                       "$.substring(from, to)",
	"concat concatenate":                               "a + b",
	"isempty isblank isnull isnil missing isundefined": "!has($)",
	"isset defined isdefined isnotempty isnotnull hasvalue present ispresent exists": "has($)",
	"every forall":                          "$.all(item, condition)",
	"some any":                              "$.exists(item, condition)",
	"reduce fold sumif":                     "$.map(item, amount).sum()",
	"between isbetween":                     "$ >= least && $ <= most",
	"max greatest":                          "math.greatest(a, b)",
	"min least":                             "math.least(a, b)",
	"avg average mean":                      "$.sum().div($.size(), 2), where 2 is the number of decimals",
	"datediff daysbetween days360 diffdays": "from.daysUntil(to)",
	"dateadd adddate plusdays":              "$.addDays(number)",
	"addyears plusyears":                    "$.addMonths(12)",
	"plusmonths edate":                      "$.addMonths(number)",
	"networkdays workingdays":               "from.workdaysUntil(to)",
	"dayofweek":                             "$.weekday()",
	"tostring str text":                     "string($)",
	"tonumber number float num parsefloat todecimal": "decimal($)",
	"parseint toint integer":                         "int($)",
	"todate":                                         "date($)",
	"if iif iff ifelse":                              "condition ? one : other",
	"unique":                                         "$.distinct()",
})

// wordsElsewhere are words between two operands, and before one, that are
// operators elsewhere.
var wordsElsewhere = words(map[string]string{
	"if then else when unless": "write condition ? one : other",
	"contains like includes":   `write text.contains("part")`,
	"startswith":               `write text.startsWith("part")`,
	"endswith":                 `write text.endsWith("part")`,
	"matches":                  `write text.matches("pattern")`,
	"between":                  "write value >= least && value <= most",
	"is equals eq":             `did you mean "=="?`,
	"ne isnot":                 `did you mean "!="?`,
	"mod":                      `did you mean "%"?`,
	"implies":                  implication,
	"xor":                      "write a != b",
})

// signsElsewhere are operators and signs of other languages, the longer ones
// before those that they begin with.
var signsElsewhere = []struct{ sign, advice string }{
	{"=~", `write text.matches("pattern")`}, {"~", `write text.matches("pattern")`}, {"->", implication}, {"..", "a range is written n >= 1 && n <= 5"},
	{"**", aPower}, {"^", aPower}, {"===", `did you mean "=="?`}, {"!==", `did you mean "!="?`}, {"<>", `did you mean "!="?`},
	{"=<", `did you mean "<="?`}, {"=>", `"at least" is written >=, and ` + implication}, {"≤", `did you mean "<="?`}, {"≥", `did you mean ">="?`}, {"≠", `did you mean "!="?`},
	{"“", straightQuotes}, {"”", straightQuotes}, {"„", straightQuotes}, {"«", straightQuotes}, {"»", straightQuotes},
	{"‘", straightQuotes}, {"’", straightQuotes}, {"`", straightQuotes},
	{";", `did you mean ","?`}, {"−", `did you mean "-"?`}, {"–", `did you mean "-"?`}, {"×", `did you mean "*"?`}, {"÷", `did you mean "/"?`},
	{"€", moneyAsText}, {"$", moneyAsText}, {"£", moneyAsText},
}

const (
	straightQuotes = `a text stands in straight quotes, as in "text"`
	moneyAsText    = `an amount is written money("12.50 EUR")`
	implication    = `"if a then b" is written !a || b`
	aPower         = "a power is written as a product, as in n * n"
	aPercentage    = `% is the remainder of a division; 30 % of an amount is amount * decimal("0.30")`
)

// A mistyped is a function, or several, for operands of types that it does not
// take, and what to write: $1 and $2 are the operands, $f is the function.
type mistyped struct{ functions, left, right, advice string }

const (
	comparisons = "== != < <= > >="
	inDecimals  = ", where 2 is the number of decimals"
	asDate      = `write a date as date("2026-01-31")`
	asDecimal   = `write a decimal as decimal("12.50")`
	asDatetime  = `write a datetime as timestamp("2026-01-31T12:00:00Z")`
	asDuration  = `write a duration as days(3) or duration("72h")`
	asMoney     = `take the .amount(), or write the other as money("12.50 EUR")`
	asDay       = "the date of a datetime is datetime.date()"
	twoOutcomes = "a conditional has two outcomes: condition ? one : other"
	whole       = "addDays, addMonths and addWorkdays take a whole number, as in .addDays(3)"
)

// mistypes are looked through in order; "" is no operand, "*" any, "list" one of
// anything, and "list(string)" is the engine's name.
var mistypes = []mistyped{
	{"+", "date", "int", "write $1.addDays($2)"},
	{"-", "date", "int", "write $1.addDays(-$2)"},
	{"+ -", "date", "duration", "add days to a date with addDays(n)"},
	{"+ -", "timestamp", "int", "write $1 $f days($2)"},
	{"addDays addMonths addWorkdays", "date", "*", whole},
	{"year month day weekday addDays addMonths daysUntil isWorkday addWorkdays workdaysUntil", "timestamp", "*", asDay},
	{"getFullYear", "date", "", "write $1.year()"},
	{"getMonth", "date", "", "write $1.month()"},
	{"getDate getDayOfMonth", "date", "", "write $1.day()"},
	{"getDayOfWeek", "date", "", "write $1.weekday()"},
	{"/", "decimal", "*", "write $1.div($2, 2)" + inDecimals},
	{"/", "money", "*", "write $1.div($2, 2)" + inDecimals},
	{"/", "int", "decimal", "write decimal($1).div($2, 2)" + inDecimals},
	{"div", "decimal", "*", "write $1.div($2, 2)" + inDecimals},
	{"div", "money", "*", "write $1.div($2, 2)" + inDecimals},
	{"round roundHalfEven", "decimal", "", "write $1.$f(2)" + inDecimals},
	{"round roundHalfEven", "money", "", "write $1.$f(2)" + inDecimals},
	{"sum", "list of record", "", "write $1.map(item, item.field).sum()"},
	{"sum", "list(string)", "", "numbers and amounts have a sum; texts are put together by $1.join()"},
	{"sum", "list", "", "numbers and amounts have a sum; how many items there are is $1.size()"},
	{"flatten", "list", "", "it makes one list of a list of lists; leave it out"},
	{"join", "list of record", "", "write $1.map(item, item.field).join()"},
	{"join", "list of record", "*", "write $1.map(item, item.field).join($2)"},
	{"join", "list", "", "it puts texts together; write $1.map(item, string(item)).join()"},
	{"join", "list", "*", "it puts texts together; write $1.map(item, string(item)).join($2)"},
	{"math.greatest math.least", "list", "", "it takes integers"},
	{"math.greatest", "*", "*", "it takes integers; write $1 > $2 ? $1 : $2"},
	{"math.least", "*", "*", "it takes integers; write $1 < $2 ? $1 : $2"},
	{"==", "*", "null", "that a field is absent is written !has($1)"},
	{"!=", "*", "null", "that a field is there is written has($1)"},
	{"in", "string", "string", "write $2.contains($1)"},
	{"in", "*", "list of record", "write $2.exists(item, item.field == $1)"},
	{"in", "*", "list", "all items of a list are of one type"},
	{"in", "*", "*", `on the right of "in" stands a list`},
	{"< <= > >=", "bool", "*", "write least < value && value < most"},
	{"date", "int", "*", asDate},
	{"/ *", "duration", "*", "write the duration itself, as in days(15)"},
	{"? :", "*", "*", "both outcomes of ? : are of one type"},
	{comparisons, "int", "string", "a text stands in quotes, and a number without"},
	{comparisons, "duration", "int", asDuration},
	{comparisons, "duration", "string", asDuration},
	{comparisons, "date", "timestamp", asDay},
	{comparisons, "date", "string", asDate},
	{comparisons, "date", "int", asDate},
	{comparisons, "timestamp", "string", asDatetime},
	{comparisons, "decimal", "string", asDecimal},
	{comparisons + " + -", "money", "string", asMoney},
	{"+", "string", "*", "write $1 + string($2)"},
	{"+", "*", "string", "write string($1) + $2"},
	{comparisons + " + -", "decimal", "int", asDecimal},
	{comparisons + " + -", "money", "decimal", asMoney},
	{comparisons + " + -", "money", "int", asMoney},
	{"*", "money", "*", "money is multiplied by an integer or a decimal"},
	{"*", "*", "money", "money is multiplied by an integer or a decimal"},
}

// advice says what to write in place of a call with operands of these types;
// "" if that is not among the common mistakes.
func advice(function string, types, operands []string) string {
	if len(types) == 0 || len(types) > 3 {
		return ""
	}
	fits := func(want string, i int) bool {
		if i >= len(types) {
			return want == "" || want == "*" && i > 0
		}
		is := class(types[i])
		return want == "*" || want == is || want == types[i] || want == "list" && strings.HasPrefix(is, "list")
	}
	for _, m := range mistypes {
		if !slices.Contains(strings.Fields(m.functions), function) && m.functions != function {
			continue
		}
		first, second := 0, 1
		if strings.HasPrefix(m.functions, comparisons) && !fits(m.left, 0) {
			first, second = 1, 0 // which stands on the left makes no difference
		}
		if fits(m.left, first) && fits(m.right, second) {
			operands = append(slices.Clone(operands), "…")
			return strings.NewReplacer("$1", operands[0], "$2", operands[1], "$f", function).Replace(m.advice)
		}
	}
	return ""
}

// class gives the name by which mistypes has a type.
func class(t string) string {
	if inner, ok := strings.CutPrefix(t, "list("); ok {
		if strings.HasPrefix(inner, recordMark) {
			return "list of record"
		}
		return "list"
	}
	switch t {
	case "google.protobuf.Timestamp":
		return "timestamp"
	case "google.protobuf.Duration":
		return "duration"
	case "null_type":
		return "null"
	}
	return t
}

// words gives each of the words its advice.
func words(lists map[string]string) map[string]string {
	out := map[string]string{}
	for list, advice := range lists {
		for word := range strings.FieldsSeq(list) {
			out[word] = advice
		}
	}
	return out
}

// plainly is a name without what languages differ in.
func plainly(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}

// meantKind ends a message on a type that there is not; likewise a format.
func meantKind(name string, known []string) string {
	return meantName(name, kindsElsewhere, known)
}

func meantFormat(name string, known []string) string {
	return meantName(name, formatsElsewhere, known)
}

func meantName(name string, elsewhere map[string]string, known []string) string {
	if meant := elsewhere[plainly(name)]; meant != "" {
		return "; did you mean " + meant + "?"
	}
	return suggest(name, known)
}
