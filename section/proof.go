package section

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A Proof discloses one field of a revision, or its absence, to somebody who
// knows the root from the signed log and shall learn nothing else: the other
// fields stay behind salts that the proof does not hold.
type Proof struct {
	Header  Header
	Field   string
	Present bool
	Value   []byte // the value's encoding, empty if absent
	Salt    Salt   // of this field alone
	Index   int    // of the field's leaf: 1 for the first declared field
	Size    int    // leaves of the tree: the declared fields and the header

	HeaderPath []Root // from leaf 0 to the root (RFC 6962, section 2.1.1)
	FieldPath  []Root // from leaf Index to the root
}

// Prove makes the proof of one declared top-level field. The error is that of
// [Schema.Marshal], or says that there is no such field.
func (s *Schema) Prove(r Revision, field string) (Proof, error) {
	var w walk
	index := s.index(field)
	if index == 0 {
		w.unknown(s.fields, map[string]any{field: nil})
		return Proof{}, w.err()
	}
	t, err := s.tree(r)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Header: r.Header, Field: field, Salt: newSalter(r.Salt).field(field), Index: index, Size: int(t.size)}
	if v, ok := r.Content[field]; ok {
		p.Present = true
		p.Value = w.appendValue(nil, &s.fields[index-1], v)
	}
	if p.HeaderPath, err = t.prove(0); err != nil {
		return Proof{}, err
	}
	p.FieldPath, err = t.prove(index)
	return p, err
}

// index is the leaf of a field, or 0.
func (s *Schema) index(field string) int {
	for i := range s.fields {
		if s.fields[i].Name == field {
			return i + 1
		}
	}
	return 0
}

func (t *merkleTree) prove(leaf int) ([]Root, error) {
	hashes, err := tlog.ProveRecord(t.size, int64(leaf), t)
	if err != nil {
		return nil, err
	}
	path := make([]Root, len(hashes))
	for i, h := range hashes {
		path[i] = Root(h)
	}
	return path, nil
}

// Verify checks that header and field are what root commits to; otherwise the
// error wraps [ErrProof]. It needs no schema, and so cannot tell whether Value
// is of the declared kind, nor whether Size is the tree's (trees of several
// sizes share paths): [Schema.Disclosed] can.
func (p Proof) Verify(root Root) error {
	if err := p.valid(); err != nil {
		return err
	}
	leaf := appendFieldLeaf(nil, p.Header.Name, p.Field, p.Salt, p.Present, p.Value)
	for _, in := range []struct {
		what  string
		path  []Root
		index int
		leaf  []byte
	}{{"header", p.HeaderPath, 0, headerLeaf(p.Header)}, {"field", p.FieldPath, p.Index, leaf}} {
		path := make(tlog.RecordProof, len(in.path))
		for i, h := range in.path {
			path[i] = tlog.Hash(h)
		}
		if tlog.CheckRecord(path, int64(p.Size), tlog.Hash(root), int64(in.index), tlog.RecordHash(in.leaf)) != nil {
			return fmt.Errorf("%w: %s", ErrProof, in.what)
		}
	}
	return nil
}

// valid checks the form of a proof, before any hash.
func (p Proof) valid() error {
	const maxPath = 8 // levels of a tree of MaxFields+1 leaves
	what := ""
	switch {
	case p.Header.check() != "":
		what = "header." + p.Header.check()
	case !isID(p.Field):
		what = "field"
	case p.Size < 2 || p.Size > MaxFields+1:
		what = "size"
	case p.Index < 1 || p.Index >= p.Size:
		what = "index"
	case p.Present != (len(p.Value) > 0), len(p.Value) > MaxPlaintext:
		what = "value"
	case len(p.HeaderPath) > maxPath, len(p.FieldPath) > maxPath:
		what = "path"
	default:
		return nil
	}
	return fmt.Errorf("%w: malformed %s", ErrProof, what)
}

// Disclosed verifies a proof against root and against the declaration of the
// section, and returns the value in canonical form, or nil for an absent
// field. The error wraps [ErrProof], or is an *[EncodingError] of the value.
func (s *Schema) Disclosed(p Proof, root Root) (any, error) {
	if err := p.Verify(root); err != nil {
		return nil, err
	}
	// The tree's size and the field's leaf follow from the declaration: an
	// author may not have hidden a second leaf of the same name.
	if p.Size != len(s.fields)+1 || p.Index != s.index(p.Field) {
		return nil, fmt.Errorf("%w: not the declared fields", ErrProof)
	}
	if !p.Present {
		return nil, nil
	}
	c, err := s.Decode(append(append([]byte(`{"`+p.Field+`":`), p.Value...), '}'))
	if err != nil {
		return nil, err
	}
	return c[p.Field], nil
}
