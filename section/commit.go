package section

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A Root commits to a revision: it is the root of a Merkle tree (RFC 6962)
// whose leaves are the header and then every declared top-level field in
// order, absent ones included. It stands in clear in the log, and tells
// nothing of the content to whoever lacks the salt.
type Root [32]byte

// ParseRoot reads 64 hexadecimal digits in lower case. The error is an
// [*EncodingError].
func ParseRoot(s string) (Root, error) {
	if !isHex(s) {
		good := len(s) - len(strings.TrimLeft(s, hexDigits))
		return Root{}, &EncodingError{Offset: min(good, 2*len(Root{})), Reason: "a root is 64 hexadecimal digits in lower case"}
	}
	var r Root
	_, err := hex.Decode(r[:], []byte(s))
	return r, err
}

// String is 64 hexadecimal digits in lower case.
func (r Root) String() string { return hex.EncodeToString(r[:]) }

// MarshalText is [Root.String].
func (r Root) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText is [ParseRoot]; on an error r is left as it was.
func (r *Root) UnmarshalText(text []byte) error {
	root, err := ParseRoot(string(text))
	if err == nil {
		*r = root
	}
	return err
}

// The domains keep the hashes of this format apart from each other and from
// everything else.
const (
	headerDomain = "vassoio/v1/header"
	fieldDomain  = "vassoio/v1/field"
	saltDomain   = "vassoio/v1/salt"
)

// Root computes the commitment to r. The error is that of [Schema.Marshal].
func (s *Schema) Root(r Revision) (Root, error) {
	e, err := s.encode(r)
	if err != nil {
		return Root{}, err
	}
	return s.rootOf(r, e)
}

// rootOf is [Schema.Root] of a revision that is encoded already.
func (s *Schema) rootOf(r Revision, e encoding) (Root, error) {
	t, err := s.treeOf(r, e)
	if err != nil {
		return Root{}, err
	}
	return t.root()
}

// A merkleTree is the hashes of a tree in the order of tlog, which is also
// the tlog.HashReader that computes roots and proofs from them.
type merkleTree struct {
	size   int64
	hashes []tlog.Hash
}

func (t *merkleTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = t.hashes[x]
	}
	return out, nil
}

func (t *merkleTree) add(leaf []byte) error {
	hashes, err := tlog.StoredHashes(t.size, leaf, t)
	if err != nil {
		return err
	}
	t.hashes = append(t.hashes, hashes...)
	t.size++
	return nil
}

func (t *merkleTree) root() (Root, error) {
	h, err := tlog.TreeHash(t.size, t)
	return Root(h), err
}

func (s *Schema) tree(r Revision) (*merkleTree, error) {
	e, err := s.encode(r)
	if err != nil {
		return nil, err
	}
	return s.treeOf(r, e)
}

// treeOf is the tree of a revision that is encoded already.
func (s *Schema) treeOf(r Revision, e encoding) (*merkleTree, error) {
	t := &merkleTree{hashes: make([]tlog.Hash, 0, tlog.StoredHashCount(int64(len(s.fields)+1)))}
	if err := t.add(headerLeaf(r.Header)); err != nil {
		return nil, err
	}
	var leaf []byte
	salts := newSalter(r.Salt)
	for i := range s.fields {
		name := s.fields[i].Name
		value, present := e.value(i)
		leaf = appendFieldLeaf(leaf[:0], r.Header.Name, name, salts.field(name), present, value)
		if err := t.add(leaf); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// appendLP appends a length in 8 bytes, big-endian, and the bytes: so no two
// lists of parts have the same concatenation.
func appendLP(dst []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint64(dst, uint64(len(part))), part...)
}

// headerLeaf is not salted: the log tells the same.
func headerLeaf(h Header) []byte {
	leaf := appendLP(nil, headerDomain)
	for _, m := range h.members() {
		leaf = appendLP(leaf, m.text)
	}
	return leaf
}

// appendFieldLeaf names section and field, so that a proof of one can stand
// for no other; its presence byte tells an absent field from any value.
func appendFieldLeaf(dst []byte, section, field string, salt Salt, present bool, value []byte) []byte {
	dst = appendLP(dst, fieldDomain)
	dst = appendLP(dst, section)
	dst = appendLP(dst, field)
	dst = appendLP(dst, string(salt[:]))
	dst = append(dst, presence(present))
	dst = binary.BigEndian.AppendUint64(dst, uint64(len(value)))
	return append(dst, value...)
}

func presence(present bool) byte {
	if present {
		return 1
	}
	return 0
}

// A salter derives the salt of each field from that of the revision, so that
// a proof of one field reveals the salt of no other.
type salter struct{ mac hash.Hash }

func newSalter(revision Salt) salter { return salter{hmac.New(sha256.New, revision[:])} }

func (s salter) field(name string) (salt Salt) {
	s.mac.Reset()
	s.mac.Write(appendLP(appendLP(make([]byte, 0, 128), saltDomain), name))
	s.mac.Sum(salt[:0])
	return salt
}
