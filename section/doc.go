// Package section is the content of a tray's sections: typed values, their one
// encoding, a commitment to them, and their sealing to the readers.
//
// There are few types to know:
//
//   - A [Schema] declares the fields of a section. It turns what programs and
//     forms have at hand into content ([Schema.Coerce]), and content into the
//     one encoding and back ([Schema.Encode], [Schema.Decode]).
//   - A [Content] is the values. What is absent has no key; there is no null.
//   - A [Revision] is a content with the [Header] that it is bound to and a
//     salt. [Schema.Root] commits to it, and [Schema.Prove] discloses one
//     field of it to somebody who has only that root.
//   - A [Recipient] is the public side of a reader and an [Identity] the secret
//     one, each of one [Suite].
//   - A [Slot] is a reader's place among the recipients of a blob.
//
// # Writing
//
// A writer coerces, seals, and puts digest and root into a signed entry:
//
//	schema, err := section.NewSchema([]section.Field{
//		{Name: "company", Kind: section.Text},
//		{Name: "total", Kind: section.Decimal, Scale: 2},
//	})
//	content, err := schema.Coerce(map[string]any{"company": "Rossi S.r.l.", "total": 12})
//	salt, err := section.NewSalt(rand.Reader)
//	blob, root, err := schema.Seal(section.Revision{Header: header, Salt: salt, Content: content}, readers)
//
// Mistakes in values are told all at once, as a *[ValuesError]: where and what
// was expected, never the value. [Problem.Message] says it to people, in English
// or Italian.
//
// # Reading
//
// A reader has from the log: the digest of the blob (and has checked it), the
// list of readers and so his place in it, the header, and the root.
//
//	r, err := schema.Open(blob, section.PQ, section.Slot{Index: 1, Of: 3}, header, root, identity)
//
// There is one way in. Open returns nothing unless the blob opens at that place,
// its plaintext is the one encoding, its header is the expected one, and its
// commitment is the root: so two readers of one root have one content, and a
// blob moved from another tray, section, revision or author is refused.
//
// # Without this package
//
// A blob is an age v1 file (https://c2sp.org/age), and its plaintext is JSON,
// padded with spaces:
//
//	age -d -i key.txt blob | jq .fields
//
// The one encoding has its members in declared order, no spaces, and strings as
// JavaScript's JSON.stringify writes them, so another language encodes again
// with what it has. The commitment is an RFC 6962 Merkle tree.
//
// # What it does not do
//
// It knows no rules ("required", bounds, formats), no signatures and no logs. A
// blob alone does not say who wrote it: age files are not signed, so nothing in
// one counts before it is compared with a signed entry.
package section
