package section

// Every bound of the package, each with its reason. They are checked before
// any cryptography and before memory is taken for what they bound.
const (
	// MaxFields bounds the fields of a schema, those inside records and lists
	// included: it bounds the Merkle tree, and what an interface can show.
	MaxFields = 200

	// MaxNesting bounds lists and records inside each other: two levels of
	// tables ("lines, each with discounts") need exactly four.
	MaxNesting = 4

	// MaxName bounds the name of a field or section, and a participant's id
	// (43 characters): longer ones are not names.
	MaxName = 64

	// DefaultText and MaxText bound a text, in code points. Every text has a
	// maximum, so that forms, rules and padding can count on one.
	DefaultText = 1000
	MaxText     = 100_000

	// DefaultItems and MaxItems bound the items of a list.
	DefaultItems = 100
	MaxItems     = 5000

	// MaxChoices bounds the names of one choice, MaxChoiceName each name in
	// code points: a longer catalogue is data, not schema.
	MaxChoices    = 1000
	MaxChoiceName = 100

	// MaxCurrencies bounds the currencies of one field: ISO 4217 lists fewer
	// than 200.
	MaxCurrencies = 300

	// MaxScale bounds the decimals of a decimal and of money: 18 is what the
	// smallest unit of any currency in use needs.
	MaxScale = 18

	// MaxDigits bounds all digits of a decimal or of money, those after the
	// point included, so that sums and products stay cheap.
	MaxDigits = 30

	// MaxInteger is 2^53-1: beyond it a JSON number is not the same number in
	// every language.
	MaxInteger = 1<<53 - 1

	// MaxDays bounds a duration, in days: what fits 64 bits of nanoseconds,
	// as clocks and rule engines count, rounded down.
	MaxDays = 100_000

	// MaxProblems bounds the problems that one error lists: hostile input
	// shall not buy a long report.
	MaxProblems = 100

	// MaxPlaintext bounds the encoding of a revision, in bytes, padding
	// included. Larger things are kept elsewhere, and their digest here.
	MaxPlaintext = 1 << 20

	// MaxReaders bounds the recipients of one blob: each costs a wrap at
	// every write, and 1.6 KB in the pq suite.
	MaxReaders = 200

	// MaxBlob bounds a sealed blob, in bytes: MaxReaders stanzas and
	// MaxPlaintext bytes need less than half of it.
	MaxBlob = 4 << 20

	// MaxKeyText bounds the text of a recipient or identity, in bytes: a pq
	// recipient has 1959, an OpenSSH private key 400 and its comment.
	MaxKeyText = 4096

	// MaxProof bounds the text of a proof, in bytes: a value of MaxPlaintext
	// may double when quoted.
	MaxProof = 2*MaxPlaintext + 16<<10

	// minPadded is the least length of a padded plaintext, in bytes: below it
	// the length would tell an empty section from a filled one.
	minPadded = 256

	// maxScalar bounds the text of a decimal, money, date, datetime or duration
	// before it is looked at, in bytes: room for every accepted spelling.
	maxScalar = 64

	// maxSteps bounds the steps of a path: each level of nesting takes at
	// most two.
	maxSteps = 2*MaxNesting + 1
)
