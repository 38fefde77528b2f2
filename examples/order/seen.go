package main

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/vassoio/vassoio/tray/entry"
)

// hostSees prints what the host can see of a step: the ops of the entries that
// are new in the log. A change that is refused, or a look, leaves none.
func (s *story) hostSees() error {
	ops, err := s.ops(s.shown)
	if err != nil {
		return err
	}
	if len(ops) == 0 {
		s.add("host: nothing")
		return nil
	}
	var seen []string
	for _, op := range ops {
		seen = append(seen, s.describe(op))
	}
	s.add("host: %s", strings.Join(seen, "; "))
	s.shown, err = s.length()
	return err
}

// length is that of the log.
func (s *story) length() (uint64, error) {
	head, err := s.host.Head(s.ctx, s.id)
	return head.Length, err
}

// ops reads what stands in the log from an entry on. It takes no key: a line is
// a JWS, and an op holds names, digests, sizes and ids.
func (s *story) ops(from uint64) ([]entry.Op, error) {
	var ops []entry.Op
	for line, err := range s.host.Log(s.ctx, s.id, from) {
		if err != nil {
			return nil, err
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(string(line), ".")[1])
		if err != nil {
			return nil, err
		}
		e, err := entry.Parse(payload)
		if err != nil {
			return nil, err
		}
		ops = append(ops, e.Ops...)
	}
	return ops, nil
}

// describe says in a few words what an op tells.
func (s *story) describe(op entry.Op) string {
	switch op := op.(type) {
	case *entry.Write:
		return fmt.Sprintf(s.in("%s r%d, %d sealed bytes to %s"), op.Section, op.Number, op.File.Size, s.names(op.File.To))
	case *entry.Share:
		return fmt.Sprintf(s.in("%s r%d shared to %s"), op.Section, op.Number, s.names(op.File.To))
	case *entry.Attest:
		out := []string{s.in("attests")}
		for _, o := range op.Outcomes {
			out = append(out, o.Condition+"="+o.Result)
		}
		return strings.Join(out, " ")
	case *entry.Sign:
		return fmt.Sprintf(s.in("signs %s"), op.Signature)
	case *entry.Fire:
		text := fmt.Sprintf("%s: %s→%s", op.Event, op.From, op.To)
		if op.Reason != nil {
			text += fmt.Sprintf(s.in(", with a sealed reason to %s"), s.names(op.Reason.File.To))
		}
		return text
	case *entry.Admit:
		return fmt.Sprintf(s.in("admits %s"), s.roles(op.Roles))
	case *entry.Invite:
		return fmt.Sprintf(s.in("invites %s"), s.roles(op.Roles))
	}
	return s.in(op.Name())
}

// names gives participants' names, for ids.
func (s *story) names(ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = s.in(s.name(id))
	}
	return strings.Join(out, ", ")
}

// roles gives roles as the story calls them.
func (s *story) roles(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = s.in(name)
	}
	return strings.Join(out, ", ")
}
