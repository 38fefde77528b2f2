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
)
