package tray

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
)

// lies are ways in which an author can seal something else than what he signs.
var lies = map[string]func(f *forger, op *entry.Write, plain []byte){
	"another root":     func(_ *forger, op *entry.Write, _ []byte) { op.Root[0] ^= 1 },
	"a reader's place": func(f *forger, op *entry.Write, plain []byte) { sealFor(f, op, plain, "anna", "carl", "stranger") },
	"places moved":     func(f *forger, op *entry.Write, plain []byte) { sealFor(f, op, plain, "carl", "anna", "dora") },
	"a stanza more":    func(f *forger, op *entry.Write, plain []byte) { sealFor(f, op, plain, "anna", "carl", "dora", "crow") },
	"a stanza less":    func(f *forger, op *entry.Write, plain []byte) { sealFor(f, op, plain, "anna", "carl") },
	"a space before": func(f *forger, op *entry.Write, plain []byte) {
		sealFor(f, op, append([]byte{' '}, plain...), "anna", "carl", "dora")
	},
	"another revision": func(f *forger, op *entry.Write, _ []byte) { rebind(f, op, "anna", 7) },
	"another author":   func(f *forger, op *entry.Write, _ []byte) { rebind(f, op, "dora", op.Number) },
	"padding of a mark": func(f *forger, op *entry.Write, plain []byte) {
		padWith(f, op, append(plain, bytes.Repeat([]byte{' '}, section.Padded(2*len(plain))-len(plain))...))
	},
	"padding of none": func(f *forger, op *entry.Write, plain []byte) { padWith(f, op, plain) },
	"padding of something": func(f *forger, op *entry.Write, plain []byte) {
		padWith(f, op, append(plain, bytes.Repeat([]byte{'\n'}, section.Padded(len(plain))-len(plain))...))
	},
}

// sealFor seals to others than the op says.
func sealFor(f *forger, op *entry.Write, plain []byte, who ...string) {
	to := op.File.To
	op.File = f.file(plain, f.ids(who...)...)
	op.File.To = to
}

// rebind seals and commits to a content that is bound to something else.
func rebind(f *forger, op *entry.Write, author string, number uint64) {
	r := op.Revision
	r.Number = number
	var plain []byte
	plain, op.Root = f.plain(r, f.participant(author), map[string]any{"amount": 8})
	sealFor(f, op, plain, "anna", "carl", "dora")
}

// padWith encrypts a plaintext whose padding is the author's.
func padWith(f *forger, op *entry.Write, padded []byte) {
	var to []age.Recipient
	for _, name := range []string{"anna", "carl", "dora"} {
		r, err := age.ParseX25519Recipient(f.state().people[f.participant(name)].recipient.String())
		if err != nil {
			f.Fatal(err)
		}
		to = append(to, r)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to...)
	if err == nil {
		if _, err = w.Write(padded); err == nil {
			err = w.Close()
		}
	}
	if err != nil {
		f.Fatal(err)
	}
	op.File.Blob, op.File.Size = sign.Sum(b.Bytes()), uint64(b.Len())
	f.blobs = append(f.blobs, b.Bytes())
}

// lied are valid logs in which a reader finds out that he was misled.
func (x *readerFiles) lied() {
	statuses := make(map[Status]int)
	for _, name := range slices.Sorted(maps.Keys(lies)) {
		f := &forger{world: stage(x, "filling")}
		op := f.write("products", "anna", "amount", 8)
		plain, root := f.plain(op.Revision, f.participant("anna"), map[string]any{"amount": 8})
		op.Root = root
		sealFor(f, op, plain, "anna", "carl", "dora")
		lies[name](f, op, plain)
		if err := f.store.Append(f.ctx, f.state().head, f.by("anna", op), f.blobs[len(f.blobs)-1]); err != nil {
			x.Fatal(err)
		}
		file, _ := export(x, f.store, f.id)
		for _, who := range []string{"anna", "carl", "dora"} {
			me := f.actor(who).me
			if t := f.actor(who).tray; t != nil {
				me = t.as(t.State()) // the present keys
			}
			x.accepted(name+", to "+who, file, me)
			for _, s := range x.cases[len(x.cases)-1].Report.Sections {
				if s.Section == "products" {
					statuses[s.Status]++
				}
			}
		}
	}
	if statuses[Contradicting] < 20 || statuses[Unreadable] < 2 || statuses[Readable] < 2 {
		x.Errorf("lies were found out as %v", statuses)
	}
}

// misled are files that are not what their author signed, and such as cannot be
// opened.
func (x *readerFiles) misled() {
	x.lied()
	w := stage(x, "signing")
	f := &forger{world: w}
	if err := f.append(f.by("anna", f.share("products", "duca")), false); err != nil {
		x.Fatal(err)
	}
	file, _ := export(x, w.host, w.id)
	x.accepted("a share of something else", file, w.actor("duca").me)

	other, err := section.GenerateIdentity(section.Classic)
	if err != nil {
		x.Fatal(err)
	}
	blind, err := NewIdentityWith(w.actor("carl").signer, other)
	if err != nil {
		x.Fatal(err)
	}
	x.accepted("keys that do not fit", file, blind)

	files := unpack(x, file)
	extra := []byte("not of this tray")
	more := append(slices.Clone(files[1:]), content{archiveBlob + sign.Sum(extra).String(), extra})
	slices.SortFunc(more, func(a, b content) int { return strings.Compare(a.name, b.name) }) // "blobs/…", "log", "template.json"
	x.refused("a blob smuggled in", rewrite(x, slices.Concat(files[:1], more)), BadBlob)
	for i, c := range files {
		if strings.HasPrefix(c.name, archiveBlob) {
			x.accepted("a blob is missing", rewrite(x, slices.Delete(slices.Clone(files), i, i+1)), w.actor("anna").tray.as(w.state()))
		}
	}
}
