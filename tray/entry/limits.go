package entry

// The bounds of the format. They are frozen: whether a log is valid follows
// from them, so they change only with the format's version.
const (
	// MaxPayload bounds the JSON of one entry, so that a reader knows what one
	// line can cost him. A join under the pq suite that shares 64 sections
	// takes about 30 KiB.
	MaxPayload = 256 << 10

	// MaxOps bounds the ops of one entry. A commit that writes, shares and
	// attests all of a large template's sections stays below it.
	MaxOps = 256

	// MaxTo bounds the readers that one op names: as many as a section file
	// has recipients.
	MaxTo = 200

	// MaxRefs bounds the revisions that an attestation or a signature names,
	// and the outcomes of one op: a template's conditions, for every instance.
	MaxRefs = 1000

	// MaxRoles bounds the roles that one op names, as many as a template has.
	MaxRoles = 32

	// hashText is the length of a hash in hexadecimal.
	hashText = 64

	// usual is how many bytes most objects take.
	usual = 1 << 10

	// maxID bounds an id of a template.
	maxID = 64

	// maxNumber is the largest integer that every JSON reader keeps exactly.
	maxNumber = 1<<53 - 1
)
