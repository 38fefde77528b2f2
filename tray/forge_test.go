package tray

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"testing"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
)

// forger makes lines out of ops and bytes, without the client: what a
// participant could send who has his keys and programs of his own. What it
// makes is sound unless the test spoils it.
type forger struct {
	*world
	blobs [][]byte // of the ops that were made

	lastInvite ed25519.PrivateKey // the secret of the last invite
}

// entry puts ops into an entry of somebody behind the last one.
func (f *forger) entry(who string, ops ...entry.Op) *entry.Entry {
	s := f.state()
	public, err := sign.Public(f.actor(who).signer)
	if err != nil {
		f.Fatal(err)
	}
	return &entry.Entry{Tray: s.head.Tray, Seq: s.head.Length, Prev: s.head.Hash, Time: f.clock.UTC(),
		Author: f.participant(who), Key: public.String(), Ops: ops}
}

// line encodes and signs an entry.
func (f *forger) line(e *entry.Entry, signer ed25519.PrivateKey) []byte {
	payload, err := e.Encode()
	if err != nil {
		f.Fatal(err)
	}
	return f.raw(entry.Kind, payload, signer)
}

// raw signs any bytes.
func (f *forger) raw(kind sign.Kind, payload []byte, signer ed25519.PrivateKey) []byte {
	line, err := sign.Sign(kind, payload, signer)
	if err != nil {
		f.Fatal(err)
	}
	return line
}

// by makes the line of an entry as it should be.
func (f *forger) by(who string, ops ...entry.Op) []byte {
	return f.line(f.entry(who, ops...), f.actor(who).signer)
}

// spoiled makes the line of an entry that was changed before it was signed.
func (f *forger) spoiled(who string, op entry.Op, spoil func(*entry.Entry)) []byte {
	e := f.entry(who, op)
	spoil(e)
	return f.line(e, f.actor(who).signer)
}

// text makes the line of a payload that no encoder would make.
func (f *forger) text(who string, op entry.Op, spoil func(payload string) string) []byte {
	payload, err := f.entry(who, op).Encode()
	if err != nil {
		f.Fatal(err)
	}
	return f.raw(entry.Kind, []byte(spoil(string(payload))), f.actor(who).signer)
}

// ids gives the ids of participants, and of the invites of links.
func (f *forger) ids(who ...string) []string {
	out := make([]string, len(who))
	for i, name := range who {
		if _, ok := f.links[name]; ok {
			out[i] = f.invited(name)
		} else {
			out[i] = f.participant(name)
		}
	}
	return out
}

// secret gives the key of a link.
func (f *forger) secret(link string) ed25519.PrivateKey {
	key, err := f.links[link].key()
	if err != nil {
		f.Fatal(err)
	}
	return key
}

// invited gives the id of a link's invite.
func (f *forger) invited(link string) string { return f.public(f.secret(link)).Thumbprint() }

func (f *forger) public(signer ed25519.PrivateKey) sign.PublicKey {
	k, err := sign.Public(signer)
	if err != nil {
		f.Fatal(err)
	}
	return k
}

// file seals something to participants or invites.
func (f *forger) file(plain []byte, to ...string) entry.File {
	s := f.state()
	var recipients []section.Recipient
	for _, id := range to {
		if s.people[id] != nil || s.invites[id] != nil {
			recipients = append(recipients, s.recipients([]string{id})...)
		} else {
			recipients = append(recipients, f.outsider(id).reader.Recipient())
		}
	}
	if len(to) == 0 {
		recipients = append(recipients, f.actor("stranger").reader.Recipient())
	}
	blob, err := section.Seal(plain, recipients)
	if err != nil {
		f.Fatal(err)
	}
	f.blobs = append(f.blobs, blob)
	return entry.File{Blob: sign.Sum(blob), Size: uint64(len(blob)), To: to}
}

// outsider gives the actor of an id that is not in the tray yet.
func (f *forger) outsider(id string) *actor {
	for _, a := range f.actors {
		if a.me.ID() == id {
			return a
		}
	}
	return f.actor("stranger")
}

// plain gives the bytes of a revision and their root.
func (f *forger) plain(r entry.Revision, author string, fields map[string]any) ([]byte, sign.Hash) {
	schema := f.tpl.Schema(r.Section)
	content, err := schema.Coerce(fields)
	if err != nil {
		f.Fatal(err)
	}
	salt, err := section.NewSalt(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	rev := section.Revision{Header: f.state().header(r, author), Salt: salt, Content: content}
	plain, err := schema.Marshal(rev)
	if err != nil {
		f.Fatal(err)
	}
	root, err := schema.Root(rev)
	if err != nil {
		f.Fatal(err)
	}
	return plain, sign.Hash(root)
}

// write makes the next revision of a place, sealed to its readers.
func (f *forger) write(place, author, field string, value any) *entry.Write {
	s := f.state()
	op := &entry.Write{Revision: s.present(f.place(place))}
	op.Number++
	plain, root := f.plain(op.Revision, f.participant(author), map[string]any{field: value})
	op.Root = root
	if f.tpl.Section(op.Section).Public {
		op.Public = base64.RawURLEncoding.EncodeToString(plain)
	} else {
		op.File = f.file(plain, s.readers(op.Place)...)
	}
	return op
}

// publish makes the next revision of a public section.
func (f *forger) publish(name, author string, fields map[string]any) *entry.Write {
	op := &entry.Write{Revision: f.state().present(f.place(name))}
	op.Number++
	plain, root := f.plain(op.Revision, f.participant(author), fields)
	op.Root, op.Public = root, base64.RawURLEncoding.EncodeToString(plain)
	return op
}

// share shares something for the content of a place: what is in the file, no
// host can tell.
func (f *forger) share(place string, to ...string) *entry.Share {
	p := f.place(place)
	return &entry.Share{Place: p, Number: f.state().present(p).Number, File: f.file([]byte("{}"), f.ids(to...)...)}
}

// attest states an outcome of each condition and instance, on all that they read.
func (f *forger) attest(outcome string, conditions ...string) *entry.Attest {
	s := f.state()
	op := &entry.Attest{Engine: "forged"}
	var read []entry.Place
	for _, id := range conditions {
		sections := s.template.Condition(id).Sections
		for _, instance := range s.allInstances(sections) {
			op.Outcomes = append(op.Outcomes, entry.Outcome{Condition: id, Instance: instance, Result: outcome})
			read = append(read, s.placesOf(sections, instance)...)
		}
	}
	op.On = s.presentAll(read)
	return op
}

// sign signs what a signature covers now.
func (f *forger) sign(name, role, who string) *entry.Sign {
	sig := f.tpl.Signature(name)
	return &entry.Sign{Role: role, Signature: name, Language: "en",
		Declaration: sign.Sum([]byte(sig.Declare["en"])), Covers: f.state().covers(sig, f.participant(who))}
}

// fire fires an event, with the outcomes that follow from the log.
func (f *forger) fire(event, role, who string) *entry.Fire {
	s := f.state()
	ev := f.tpl.Event(event)
	return &entry.Fire{Role: role, Event: event, From: s.name, To: ev.To,
		Outcomes: s.outcomes(ev, role, f.participant(who), nil)}
}

func (f *forger) nonce() string {
	n, err := newNonce()
	if err != nil {
		f.Fatal(err)
	}
	return n
}

// note leaves a note to ids.
func (f *forger) note(to ...string) *entry.Note {
	return &entry.Note{Sealed: entry.Sealed{ID: f.nonce(), File: f.file([]byte("{}"), to...)}}
}

// admit admits somebody by his own card.
func (f *forger) admit(who string, roles ...string) *entry.Admit {
	return &entry.Admit{Card: string(f.actor(who).me.Card()), Roles: roles}
}

// card makes a card of any parts, signed by anybody.
func (f *forger) card(signer ed25519.PrivateKey, card entry.Card) string {
	payload, err := card.Encode()
	if err != nil {
		f.Fatal(err)
	}
	return string(f.raw(entry.CardKind, payload, signer))
}

// invite makes an invite of new keys.
func (f *forger) invite(roles ...string) *entry.Invite {
	guest := &actor{}
	f.newKeys(guest)
	f.lastInvite = guest.signer
	return &entry.Invite{Key: f.public(guest.signer).String(), Recipient: guest.reader.Recipient().String(),
		Roles: roles, Expires: f.clock.UTC().Add(time.Hour)}
}

// join makes the join of somebody by a link, with a claim by any key.
func (f *forger) join(link, who string, claimant ed25519.PrivateKey) *entry.Join {
	card := string(f.actor(who).me.Card())
	return &entry.Join{Invite: f.invited(link), Card: card, Claim: f.claim(claimant, entry.Claim{
		Tray: f.id, Invite: f.invited(link), Card: sign.Sum([]byte(card))})}
}

func (f *forger) claim(by ed25519.PrivateKey, c entry.Claim) string {
	payload, err := c.Encode()
	if err != nil {
		f.Fatal(err)
	}
	return string(f.raw(entry.ClaimKind, payload, by))
}

// create makes the ops of a first entry, in which who is admitted.
func (f *forger) create(who string) []entry.Op {
	return []entry.Op{
		&entry.Create{Format: entry.Format, Nonce: f.nonce(), Suite: string(section.Classic), Template: f.tpl.Digest()},
		f.admit(who, "sales"),
	}
}

// first makes the line of a first entry.
func (f *forger) first(who string, ops ...entry.Op) []byte {
	e := f.entry(who, ops...)
	e.Tray, e.Seq, e.Prev = sign.Hash{}, 0, sign.Hash{}
	f.blobs = append(f.blobs, f.tpl.Canonical())
	return f.line(e, f.actor(who).signer)
}

// append gives a line to the host, as its author would.
func (f *forger) append(line []byte, first bool) error {
	after := store.Head{Tray: sign.Sum(line)}
	if !first {
		after = f.state().head
	}
	return f.host.Append(f.ctx, after, line, f.blobs...)
}

// planted gives a host over a store that holds the log and a line behind it, or
// that line alone, as if it had been let in.
func (f *forger) planted(t testing.TB, line []byte, first bool) (*Host, sign.Hash) {
	t.Helper()
	log := [][]byte{line}
	if !first {
		log = append(f.log(), line)
	}
	return f.served(t, log...), sign.Sum(log[0])
}

// log gives the lines of the tray.
func (w *world) log() [][]byte {
	var out [][]byte
	for line, err := range w.store.Log(w.ctx, w.id, 0) {
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}

// served gives a host over a store that somebody filled with lines and the
// template. It shares what is compiled with the world's.
func (w *world) served(t testing.TB, lines ...[]byte) *Host {
	t.Helper()
	m := store.NewMemory()
	head := store.Head{Tray: sign.Sum(lines[0])}
	for _, line := range lines {
		if err := m.Append(w.ctx, head, line, w.tpl.Canonical()); err != nil {
			t.Fatal(err)
		}
		head = store.Head{Tray: head.Tray, Length: head.Length + 1, Hash: sign.Sum(line)}
	}
	h := NewHost(m)
	h.templates = w.host.templates
	return h
}
