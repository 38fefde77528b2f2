// Package sign makes and checks signed lines: Ed25519 keys, compact JWS, and
// the hashes that chain one line to the next. It deals in bytes and knows of
// no documents; what a payload means is its caller's business.
//
// There are few concepts: a private key is any [crypto.Signer]; a [PublicKey]
// is one that was checked; a [Kind] says what is signed; a line is what [Sign]
// makes and [Open] verifies; a [Hash] names a line.
//
// # Keys
//
// [GenerateKey] makes a private key; [ParsePrivateKey] reads one from a file
// of OpenSSH (encrypted or not) or of PKCS#8, and [MarshalOpenSSH] and
// [MarshalPKCS8] write them. A key need not be in this program at all: what
// signs is a [crypto.Signer], which may stand for a hardware module or a key
// service, and [FromSSH] makes one of a key that an SSH agent holds.
//
//	key, err := sign.GenerateKey(nil)
//	me, err := sign.Public(key)
//	fmt.Println(me)              // 6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw
//	fmt.Println(me.SSH())        // ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpK…
//	fmt.Println(me.Thumbprint()) // --6IM5l0OosLj9yWskISYhUA3n_3CURQkmrYMSha_ck
//
// Public keys come in through [NewPublicKey], [ParsePublicKey], [ParseJWK],
// [ParseSSH] or [Public]. All of them refuse keys under which anybody could
// sign, which crypto/ed25519 does not, and keys of which there are two
// spellings or on which two libraries could disagree. So whoever has a
// PublicKey need not think of that any more.
//
// # Lines
//
// [Sign] puts a payload into a compact JWS (RFC 7515) with the algorithm EdDSA
// (RFC 8037), one printable line that any JOSE library can check:
//
//	const kind sign.Kind = "vassoio-entry"
//	line, err := sign.Sign(kind, payload, key)
//	payload, err := sign.Open(kind, line, func(payload []byte) (sign.PublicKey, error) {
//		return keyOfAuthor(payload) // payload is not verified yet
//	})
//
// The header is a constant of the kind, {"alg":"EdDSA","typ":"vassoio-entry+jws"},
// and Open compares it as bytes. So there is no algorithm to negotiate, no key
// id to be misled by, and an object of one kind cannot pass for another. Of
// everything else, too, there is one accepted spelling: base64url has several
// for most signatures, and each would have a hash of its own.
//
// # Chains
//
// The [Hash] of a line is SHA-256 of its bytes, signature included, without
// newline. A log is a chain if each payload names the hash of the line before;
// to compare that is the caller's part. [OpenAll] verifies a whole log on all
// cores and hands out payloads, decoded, with their hashes, in order:
//
//	prev := sign.Hash{}
//	for entry, err := range sign.OpenAll(kind, lines, decode) {
//		if err != nil {
//			return err // a *LineError, which says which line
//		}
//		if entry.Value.Prev != prev {
//			return errChain
//		}
//		prev = entry.Line
//	}
//
// A program that verified a log once and kept its last hash in a safe place
// can read it again with [ReadAll], which only hashes: a fraction of the time.
//
// # What is verified
//
// Signatures are checked one by one with crypto/ed25519, without cofactor. Two
// things are refused that it accepts: keys outside the group of prime order,
// and signatures whose R is of small order. There is no batch verification,
// since it accepts signatures that the check of one refuses, and two readers
// of a log must never come to two results.
//
// This package does not know whether a key is the right one, whether a line
// was signed before or after another, or whether there are lines that it was
// not shown. It does not erase private keys from memory, and values of type
// [ed25519.PrivateKey] print as what they are: do not log them.
package sign
