package tray

import "time"

// The bounds of replay are frozen with the format, like those of package entry.
const (
	// maxParticipants bounds everybody who was ever in a tray: each costs two
	// key checks on every replay. A crowd takes part as one participant with a
	// shared key.
	maxParticipants = 1000

	// maxInvites bounds the invites that are open at once: every write makes a
	// file for each that may read it.
	maxInvites = 32

	// maxInviteTime bounds how long a link is good for.
	maxInviteTime = 366 * 24 * time.Hour

	// maxFiles bounds the files of one revision: one by its writer, one for
	// each share.
	maxFiles = 256
)
