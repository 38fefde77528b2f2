package rules

// Bounds of a definition and of what is evaluated. A template may come from a
// stranger, so each is checked when the definition is compiled, before the
// engine sees an expression.
//
// These are frozen: they decide what a definition, a value and a verdict is,
// so another number would make another format. [CompileFrozen] enforces them,
// and nothing else.
const (
	// maxSections, maxFields, maxRules and maxConditions admit the largest
	// honest templates (100 rules, 500 fields) with room.
	maxSections   = 100
	maxFields     = 2000 // of all sections and facts together, nested ones included
	maxFacts      = 100
	maxRules      = 1000
	maxConditions = 1000
	maxFunctions  = 100 // of the application; so are maxFormats
	maxFormats    = 100
	maxArguments  = 8    // of a function of the application
	maxHolidays   = 2000 // a century of public holidays
	maxChoices    = 1000 // a list of countries or of professions fits
	maxCurrencies = 300  // ISO 4217 lists fewer than 200

	// maxChoiceName bounds the name of a choice in bytes: it is a code, and has a title.
	maxChoiceName = 64

	// maxNesting bounds records and lists in each other: order, line, discount, tier.
	maxNesting = 4

	// maxExpression bounds the source of one expression in bytes: a page.
	// Parsing costs about 100 times its size in memory.
	maxExpression = 2048
	// maxExpressions bounds all expressions of a definition together, in bytes: compiling them
	// takes 5 to 10 µs of one core a byte, so less than a second, and keeps 300 bytes of it
	// at most, so 20 MiB. 100 rules and 500 fields need two thirds.
	maxExpressions = 64 << 10
	// maxExpressionDepth bounds calls, lists, maps and macros in each other: more than
	// anybody reads.
	maxExpressionDepth = 32
	// maxExpressionChain bounds operators and selections in a row, and brackets in each
	// other, and so the stack of parser and checker: a sum of a hundred fields. What && and
	// || join is not counted.
	maxExpressionChain = 128
	// maxExpressionNodes bounds what macros expand to: exists_one in exists_one doubles.
	maxExpressionNodes = 1000
	// maxVariables bounds how many comprehensions and bindings stand in each other: the
	// engine's cost estimate takes twice as long for each.
	maxVariables = 8
	// maxPattern bounds the size of a compiled regular expression.
	maxPattern = 1000

	// defaultText and defaultList are the Max of a field that gives none; without
	// a bound no cost could be told. maxText and maxList bound Max itself.
	defaultText = 1000
	defaultList = 100
	maxText     = 100_000
	maxList     = 5000

	// maxDigits bounds a decimal value or amount: enough for any currency and any tax table.
	maxDigits = 30
	// maxScale bounds the decimals of a value.
	maxScale = 18
	// maxMoneyText bounds the text of money, in bytes: digits, sign, point, space and code.
	maxMoneyText = maxDigits + 6
	// maxWorkingBits and maxWorkingScale bound intermediate results: 120 digits, a product of
	// two values, twice.
	maxWorkingBits  = 400
	maxWorkingScale = 120

	// maxInteger is the largest integer that every JSON reader holds exactly.
	maxInteger = 1<<53 - 1

	// maxDurationDays keeps a duration within what the engine holds (292 years).
	maxDurationDays = 100_000
	// maxCalendarDays bounds an addition to a date, in days: the years 1 to 9999.
	maxCalendarDays = 3_652_059
	// maxWorkdays bounds a count of working days, which walks day by day: a century.
	maxWorkdays = 36_525
)

// These are prudence: they may change from version to version. [Compile]
// refuses a definition for them, and no log becomes invalid.
const (
	// maxCost bounds the static cost of all conditions of a definition together, each for every
	// instance of the sections that it reads, in units of a tenth of a microsecond and 13 bytes at
	// most (see price.go): half a second and 64 MiB, for whatever one event evaluates. What has no
	// static bound is refused: a meter at run time counts a call after it, when one call can have
	// taken minutes.
	maxCost = 5_000_000
	// maxRun is how much a definition that is in use may cost and still be run: more than
	// maxCost, since another version may have admitted it that estimates somewhat less, and
	// little enough for a hostile template that nobody admitted. What was admitted costs a
	// hundredth of maxCost as a rule, so even a version that estimates quite otherwise runs it.
	maxRun = 6_000_000

	// maxViolations bounds the violations of one verdict: nobody reads more, and a list of
	// empty items lacks thousands of times as much as it holds.
	maxViolations = 1000

	// maxMessage bounds a message that an expression builds, in bytes.
	maxMessage = 5 << 10

	// maxDiagnostics bounds what is reported at once: nobody reads more.
	maxDiagnostics = 200
	// maxCircle bounds how many fields of a circle are named.
	maxCircle = 10
)
