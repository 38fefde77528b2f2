package tray

import "time"

// The bounds of replay are frozen with the format, like those of package entry.
const (
	// maxParticipants bounds who is in a tray at once, and whom open invites would
	// bring in: rules walk all of them. A crowd takes part as one participant with a
	// shared key. Whose part has ended does not count: otherwise any manager could
	// keep everybody out for good, by admitting and dismissing. Of them there are as
	// many as the log has lines for: each takes a card in it, which is longer than
	// what a state keeps of him, and costs the two key checks that the line costs.
	maxParticipants = 1000

	// maxInvites bounds the invites that are open at once: every write makes a
	// file for each that may read it.
	maxInvites = 32

	// maxInviteTime bounds how long a link is good for.
	maxInviteTime = 366 * 24 * time.Hour

	// maxShares bounds the ops after which a commit takes up no more shares that
	// are due: the next one does.
	maxShares = 128

	// maxShareNames bounds in the same way the readers that a commit shares to:
	// with 46 bytes each, they leave most of an entry to what it is made for.
	maxShareNames = 1000

	// maxAttested bounds in the same way what a commit attests beyond what it needs
	// itself, in bytes: a hundred conditions. With what a template may need and the
	// shares, it fits an entry.
	maxAttested = 32 << 10

	// maxCorrection bounds how far a client believes a host that its clock is
	// wrong: an entry dated far ahead would keep everybody out, since time never
	// goes back. Time zones that were mixed up are within it.
	maxCorrection = 24 * time.Hour
)

// maxFieldBlockers bounds the broken fields that a refusal lists, as a verdict
// bounds them for one condition: whoever has mended a thousand asks again.
const maxFieldBlockers = 1000

// maxSnapshot bounds a snapshot, in bytes: a hundred thousand blobs, and a
// thousand participants with an instance each, take a tenth of it.
const maxSnapshot = 64 << 20

// The bounds of an archive are those of a ZIP without extensions, which set
// aside the largest number of each width.
const (
	// maxArchive bounds the whole file, in bytes, and with it every offset and
	// length in it. Reading keeps none of it in memory but the list of files.
	maxArchive int64 = 1<<32 - 1

	// maxArchiveFiles bounds the files in it: three, and the blobs.
	maxArchiveFiles = 1<<16 - 2

	// maxArchiveName is the longest name, that of a blob.
	maxArchiveName = len(archiveBlob) + 64
)
