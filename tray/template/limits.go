package template

// The bounds of a template. All but maxNeed, maxAhead and maxProblems are part of the format: a
// template beyond one of them is refused by everybody, so none may ever shrink.
// They are checked before anything is compiled.
const (
	// maxSize bounds the YAML and the canonical JSON, in bytes. A template
	// travels with every tray; 500 fields with titles in four languages and 200
	// rules stay under half of it.
	maxSize = 256 << 10

	// maxName bounds ids, in bytes; they stand in every entry of a log. It is
	// the bound of names in expressions.
	maxName = 63

	// maxLanguage bounds a language tag such as "zh-Hant-TW", in bytes.
	maxLanguage = 35

	// maxLanguages bounds the translations of one text: the official
	// languages of the European Union, and some.
	maxLanguages = 32

	// maxText bounds titles, help and messages, in bytes: a paragraph.
	maxText = 2000

	// maxDeclaration bounds what a signature declares, in bytes: terms of
	// several pages, which the signer sees whole.
	maxDeclaration = 20000

	// maxRoles bounds roles; readers of a section are listed by role, and
	// nobody oversees more parts in a process.
	maxRoles = 32

	// maxSections bounds sections: each is a file of its own per revision.
	maxSections = 64

	// maxFields bounds the fields of all sections together, those inside
	// lists and records included: twice what the largest honest forms have.
	maxFields = 1000

	// maxDepth bounds how deep lists and records nest.
	maxDepth = 4

	// maxRules bounds rules over sections; each is compiled on loading.
	maxRules = 200

	// maxStates and maxEvents bound the lifecycle: what fits on a diagram.
	maxStates = 64
	maxEvents = 64

	// maxSignatures bounds signatures: each is shown to its signers whole.
	//
	// With the bounds above, the table of conditions has at most 424 rows.
	maxSignatures = 32

	// maxNamed bounds a list of names of roles, sections, states, events or signatures:
	// there are no more, and a longer one names some twice.
	maxNamed = 64

	// maxQuorum bounds the number of signers that a signature may demand: as
	// many participants as a tray may have.
	maxQuorum = 200

	// maxHolidays bounds the holidays: twenty years of them.
	maxHolidays = 400

	// maxVersion bounds a template's version: what all JSON readers, and
	// 32-bit machines, hold exactly.
	maxVersion = 1<<31 - 1

	// maxDue bounds how long a state should last, in days: ten years.
	maxDue = 3660

	// MaxInstances bounds the instances of a section that is per a role: the
	// participants who are there in such a role, with the open invites to one. An
	// event lists the outcome of each condition that it needs for each of them, in
	// 170 bytes at most, and an attestation the revision in 250: with 100, an entry
	// has room for several conditions of this kind. A larger crowd takes part in
	// several trays.
	MaxInstances = 100

	// maxNote bounds the free text of notes and reasons, in code points: a
	// page. Longer texts are documents, hence fields.
	maxNote = 4000

	// maxNeed bounds what an event, a signature or a write lists of conditions and
	// revisions once each section that is per a role has MaxInstances, in bytes. The
	// other half of an entry is left to what goes with it: shares that are due, other
	// attestations, a reason. It is prudence: nobody refuses a tray for it, but in
	// time its event could not be fired.
	maxNeed = 120_000

	// maxAhead bounds how many lines the parser of YAML is taken to have looked
	// ahead when it gives up.
	maxAhead = 3

	// maxProblems bounds how many mistakes are reported. Nobody reads more at
	// once, and a hostile text must not make us write a book about it.
	maxProblems = 100
)
