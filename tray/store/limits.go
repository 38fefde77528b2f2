package store

// Every bound of the package. They are checked before anything is touched, and
// before anything is hashed.
const (
	// MaxLine bounds one line, in bytes without its newline: an entry holds
	// names, digests and small public sections, and every reader keeps the
	// whole line in memory to check its signature.
	MaxLine = 1 << 20

	// MaxBlob bounds one blob, in bytes: it is passed and returned as a slice.
	MaxBlob = 4 << 20

	// MaxBlobs bounds the blobs of one append: each costs a sync of the disk,
	// and the tray is locked meanwhile.
	MaxBlobs = 512

	// maxTails bounds the trays of which a directory store remembers where
	// their log ends: some 3 KiB each. A tray beyond it costs one reading of
	// its log.
	maxTails = 1024

	// maxOffsets bounds the offsets remembered within one log: reading from the
	// middle of it then skips at most 2/maxOffsets of the log.
	maxOffsets = 256

	// maxFeedLine is the longest line of a feed with its newline: two hashes in
	// hexadecimal, a number of 64 bits in decimal and two spaces.
	maxFeedLine = 64 + 1 + 20 + 1 + 64 + 1
)
