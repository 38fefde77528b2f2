package sign

// Every bound of the package, with its reason. All are checked before any
// cryptography is done.
const (
	// MaxPayload bounds the payload of a line, in bytes. An entry is a few
	// hundred bytes; only a public section, which stands in the log itself,
	// makes it long. With it a line stays well below 1 MiB, which is what
	// stores and HTTP servers are usually set up to take as one piece.
	MaxPayload = 512 << 10

	// MaxKind bounds a [Kind], in bytes. Kinds are constants of a program, so
	// this only keeps headers, and with them MaxLine, short.
	MaxKind = 64

	// MaxLine bounds a line, in bytes without its newline. It follows from
	// the other two: nothing longer can be spelled correctly.
	MaxLine = (maxHeader*8+5)/6 + 1 + (MaxPayload*8+5)/6 + 1 + sigText

	// maxHeader is the length of the longest header, in bytes of JSON.
	maxHeader = len(headerStart) + MaxKind + len(headerEnd)

	// MaxKeyText bounds what [ParseJWK] and [ParseSSH] read, in bytes. A key
	// takes about 100; the rest is room for a comment or a key id. Whole
	// certificate chains (x5c) do not belong into a key.
	MaxKeyText = 4 << 10

	// MaxKeyFile bounds what [ParsePrivateKey] reads, in bytes. An Ed25519 key
	// takes about 400 and an RSA key of 4096 bits, which deserves to be told
	// apart from a broken file, 3,400.
	MaxKeyFile = 16 << 10

	// MaxComment bounds the comment of [MarshalOpenSSH], in bytes, so that
	// what it writes is within MaxKeyFile.
	MaxComment = 1 << 10

	// MaxKDFRounds bounds the rounds of bcrypt_pbkdf that a key file may ask
	// for, each some 20 ms. ssh-keygen uses 16 or 24 unless told otherwise, and
	// advice on the web goes from 100 to 256; without a bound a file could
	// occupy a processor for months.
	MaxKDFRounds = 256

	// maxCachedKeys bounds the keys that one [OpenAll] remembers as checked,
	// 32 bytes each. A tray has tens of participants; a log that names a new
	// key in each line costs the check each time, about as much again as the
	// signature, and no memory.
	maxCachedKeys = 1024

	// maxBatch and maxBatchBytes bound the lines that one goroutine takes at
	// once, and with them the look-ahead: enough lines that handing them over
	// costs nothing beside the work, few enough that the last batch does not
	// keep the other cores waiting.
	maxBatch      = 16
	maxBatchBytes = 64 << 10

	// maxBatches, maxAhead and maxAheadBytes bound, for each core, the batches,
	// their lines and their bytes that were read and not given out yet: enough
	// that no core waits while the consumer takes long over a line (the first one
	// of a tray brings in its participants), and little work and memory in vain,
	// whatever a hostile log has. One batch may go beyond.
	maxBatches    = 8
	maxAhead      = 2 * maxBatch
	maxAheadBytes = 2 * maxBatchBytes
)
