package tray

import (
	"cmp"
	"slices"
	"time"

	"github.com/vassoio/vassoio/section"
	"github.com/vassoio/vassoio/sign"
	"github.com/vassoio/vassoio/tray/entry"
	"github.com/vassoio/vassoio/tray/store"
	"github.com/vassoio/vassoio/tray/template"
)

// stateRecord is a State as it stands in a snapshot: maps as sorted lists, sets
// of digests as one block each, so that reading ten thousand of them costs what
// decoding base64 does.
type stateRecord struct {
	Head     string
	Template sign.Hash
	Suite    section.Suite
	Created  time.Time
	Now      time.Time
	Name     string
	Since    time.Time

	People     []personRecord // as they came
	Keys       map[string]string
	Invites    map[string]inviteRecord
	Closed     []Invite // as they were made
	Places     []placeRecord
	Said       []wordRecord
	Signatures []signatureRecord
	Blobs      []byte
	Dropped    []byte
}

type personRecord struct {
	ID             string
	Roles          []string
	Joined         uint64
	Succeeds       string
	Key, Recipient string
	Keyed          int
}

type inviteRecord struct {
	By, Key, Recipient string
	Seq                uint64
	Roles              []string
	Expires            time.Time
	Succeeds           string
	Files              []sign.Hash
}

type placeRecord struct {
	entry.Revision
	Author     string
	Seq        uint64
	At         time.Time
	Files      []fileRecord
	Public     []byte // the one encoding of the content
	Unreadable []string
	Before     *placeRecord
}

type fileRecord struct {
	entry.File
	By    string
	Keyed []int
}

type wordRecord struct {
	Condition, Instance string
	By                  string
	Seq                 uint64
	Outcome, Engine     string
	On                  []entry.Revision
}

type signatureRecord struct {
	Signature, Participant string
	Role                   string
	Seq                    uint64
	At                     time.Time
	Language               string
	Covers                 []entry.Revision
	Ended                  bool
}

// record gives what a snapshot holds of s. Lists that are empty are absent, so
// that there is one spelling of each.
func (s *State) record() (*stateRecord, error) {
	rec := &stateRecord{
		Head: s.head.String(), Template: s.template.Digest(), Suite: s.suite,
		Created: s.created, Now: s.now, Name: s.name, Since: s.since,
		Keys: s.keys, Invites: make(map[string]inviteRecord, len(s.invites)),
		Blobs: s.blobs.block(), Dropped: s.dropped.block(),
	}
	for _, p := range s.everybody() {
		rec.People = append(rec.People, personRecord{ID: p.ID, Roles: some(p.Roles), Joined: p.Joined, Succeeds: p.Succeeds,
			Key: p.key.String(), Recipient: p.recipient.String(), Keyed: p.keyed})
	}
	for id, v := range s.invites {
		rec.Invites[id] = inviteRecord{By: v.by, Seq: v.seq, Key: v.key.String(), Recipient: v.recipient.String(),
			Roles: some(v.roles), Expires: v.expires, Succeeds: v.succeeds, Files: some(v.files)}
	}
	for _, x := range s.Invites() {
		if x.Status != InviteOpen {
			x.Roles = some(x.Roles)
			rec.Closed = append(rec.Closed, x)
		}
	}
	for p, at := range s.places {
		r, err := at.record(s, p)
		if err != nil {
			return nil, err
		}
		rec.Places = append(rec.Places, *r)
	}
	slices.SortFunc(rec.Places, func(a, b placeRecord) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(a.Instance, b.Instance))
	})
	for about, w := range s.said {
		rec.Said = append(rec.Said, wordRecord{about.condition, about.instance, w.by, w.seq, w.outcome, w.engine, some(w.on)})
	}
	slices.SortFunc(rec.Said, func(a, b wordRecord) int {
		return cmp.Or(cmp.Compare(a.Condition, b.Condition), cmp.Compare(a.Instance, b.Instance))
	})
	for by, g := range s.signatures {
		rec.Signatures = append(rec.Signatures, signatureRecord{by.signature, by.participant, g.role, g.seq, g.at, g.language, some(g.covers), g.ended})
	}
	slices.SortFunc(rec.Signatures, func(a, b signatureRecord) int {
		return cmp.Or(cmp.Compare(a.Signature, b.Signature), cmp.Compare(a.Participant, b.Participant))
	})
	return rec, nil
}

// some gives nil for an empty list.
func some[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (at *place) record(s *State, p entry.Place) (*placeRecord, error) {
	rec := &placeRecord{
		Revision: entry.Revision{Place: p, Number: at.number, Root: at.root},
		Author:   at.author, Seq: at.seq, At: at.at, Unreadable: some(at.unreadable),
	}
	for _, f := range at.files.all() {
		rec.Files = append(rec.Files, fileRecord{f.File, f.by, f.keyed})
	}
	var err error
	if at.public != nil {
		rec.Public, err = s.template.Schema(p.Section).Encode(at.public)
	}
	if err == nil && at.before != nil {
		rec.Before, err = at.before.record(s, p)
	}
	return rec, err
}

// state makes the State that was recorded. It checks what the methods of a
// State rely on, so that not even a forged snapshot makes them panic; that the
// state follows from a log, that its keys are sound, and that its recipients can
// be encrypted to, it believes.
func (rec *stateRecord) state(head store.Head, t *template.Template) (*State, error) {
	s := &State{template: t, head: head, suite: rec.Suite, created: rec.Created, now: rec.Now, name: rec.Name, since: rec.Since, keys: rec.Keys}
	switch {
	case rec.Suite != section.PQ && rec.Suite != section.Classic:
		return nil, badSnapshot("the suite")
	case t.State(rec.Name) == nil:
		return nil, badSnapshot("the lifecycle's state")
	}
	for _, restore := range []func(*State) error{rec.people, rec.invites, rec.places, rec.words} {
		if err := restore(s); err != nil {
			return nil, err
		}
	}
	var ok, okDropped bool
	s.blobs, ok = parseDigests(rec.Blobs)
	s.dropped, okDropped = parseDigests(rec.Dropped)
	if !ok || !okDropped {
		return nil, badSnapshot("the blobs")
	}
	return s, nil
}

func (rec *stateRecord) people(s *State) error {
	s.people = make(map[string]*Person, len(rec.People))
	for i, r := range rec.People {
		key, err := sign.ReadPublicKey(r.Key)
		if err != nil {
			return badSnapshot("a participant's key")
		}
		recipient, err := section.ReadRecipient(s.suite, r.Recipient)
		if err != nil {
			return badSnapshot("a participant's recipient")
		}
		if s.people[r.ID] != nil || !slices.Equal(compactRoles(s.template, r.Roles), r.Roles) {
			return badSnapshot("a participant")
		}
		if len(r.Roles) > 0 {
			s.order = append(s.order, r.ID)
		}
		s.people[r.ID] = &Person{ID: r.ID, Roles: r.Roles, Joined: r.Joined, Succeeds: r.Succeeds,
			key: key, recipient: recipient, keyed: r.Keyed, order: i}
	}
	return nil
}

func (rec *stateRecord) invites(s *State) error {
	if len(rec.Invites) > 0 {
		s.invites = make(map[string]*invite, len(rec.Invites))
	}
	for id, r := range rec.Invites {
		key, err := sign.ReadPublicKey(r.Key)
		if err != nil {
			return badSnapshot("an invite's key")
		}
		recipient, err := section.ReadRecipient(s.suite, r.Recipient)
		if err != nil {
			return badSnapshot("an invite's recipient")
		}
		if s.people[id] != nil || !slices.Equal(compactRoles(s.template, r.Roles), r.Roles) {
			return badSnapshot("an invite")
		}
		s.invites[id] = &invite{by: r.By, seq: r.Seq, key: key, recipient: recipient, roles: r.Roles, expires: r.Expires, succeeds: r.Succeeds, files: r.Files}
	}
	if len(rec.Closed) > 0 {
		s.closed = make(map[string]*Invite, len(rec.Closed))
	}
	for i := range rec.Closed {
		x := &rec.Closed[i]
		known := x.Status == InviteUsed || x.Status == InviteWithdrawn || x.Status == InviteExpired
		if !known || s.invites[x.ID] != nil || s.closed[x.ID] != nil || !slices.Equal(compactRoles(s.template, x.Roles), x.Roles) {
			return badSnapshot("a closed invite")
		}
		s.closed[x.ID] = x
	}
	return nil
}

func (rec *stateRecord) places(s *State) error {
	if len(rec.Places) > 0 {
		s.places = make(map[entry.Place]*place, len(rec.Places))
	}
	for i := range rec.Places {
		r := &rec.Places[i]
		at, ok := r.place(s)
		if ok && r.Before != nil {
			at.before, ok = r.Before.place(s)
			ok = ok && r.Before.Place == r.Place && r.Before.Before == nil
		}
		if !ok {
			return badSnapshot("what a section holds")
		}
		s.places[r.Place] = at
	}
	return nil
}

// place gives what a record says that a place holds, without what it held
// before.
func (rec *placeRecord) place(s *State) (*place, bool) {
	if !s.wasPlace(rec.Place) || s.people[rec.Author] == nil || rec.Number == 0 {
		return nil, false
	}
	at := &place{number: rec.Number, root: rec.Root, author: rec.Author, seq: rec.Seq, at: rec.At, unreadable: rec.Unreadable}
	for _, f := range rec.Files {
		if len(f.Keyed) != len(f.To) || s.people[f.By] == nil {
			return nil, false
		}
		at.files.add(&file{f.File, f.By, f.Keyed})
	}
	if !s.template.Section(rec.Section).Public {
		return at, at.files.written != nil && rec.Public == nil
	}
	var err error
	at.public, err = s.template.Schema(rec.Section).Decode(rec.Public)
	at.weight = weightOf(map[string]any(at.public))
	return at, err == nil && at.files.written == nil
}

// wasPlace reports whether there is such a place, or was: of a participant
// whose part may have ended.
func (s *State) wasPlace(p entry.Place) bool {
	sec := s.template.Section(p.Section)
	if sec == nil {
		return false
	}
	if len(sec.Per) == 0 {
		return p.Instance == ""
	}
	return s.people[p.Instance] != nil
}

func (rec *stateRecord) words(s *State) error {
	strange := func(revisions []entry.Revision) bool {
		return slices.ContainsFunc(revisions, func(r entry.Revision) bool { return !s.wasPlace(r.Place) })
	}
	if len(rec.Said) > 0 {
		s.said = make(map[said]*attestation, len(rec.Said))
	}
	for _, r := range rec.Said {
		if s.template.Condition(r.Condition) == nil || s.people[r.By] == nil || strange(r.On) {
			return badSnapshot("an attestation")
		}
		s.said[said{r.Condition, r.Instance}] = &attestation{by: r.By, seq: r.Seq, outcome: r.Outcome, engine: r.Engine, on: r.On}
	}
	if len(rec.Signatures) > 0 {
		s.signatures = make(map[signed]*signature, len(rec.Signatures))
	}
	for _, r := range rec.Signatures {
		if s.template.Signature(r.Signature) == nil || s.people[r.Participant] == nil || strange(r.Covers) {
			return badSnapshot("a signature")
		}
		s.signatures[signed{r.Signature, r.Participant}] = &signature{role: r.Role, seq: r.Seq, at: r.At, language: r.Language, covers: r.Covers, ended: r.Ended}
	}
	return nil
}
