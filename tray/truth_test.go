package tray

import (
	"slices"
	"testing"

	"github.com/vassoio/vassoio/tray/entry"
)

// TestOneTruth has authors who sign one thing and seal another: the host cannot
// tell, the reader who opens it can, and the others are not troubled.
func TestOneTruth(t *testing.T) {
	type lie struct {
		name   string
		status Status // for dora, to whom it is told
		by     string // who made the file
		tell   func(f *forger) []byte
	}
	relabelled := func(f *forger, spoil func(*entry.Revision), author string) []byte {
		op := f.write("products", "anna", "amount", 8)
		r := op.Revision
		spoil(&r)
		plain, root := f.plain(r, f.participant(author), map[string]any{"amount": 8})
		f.blobs = nil
		op.Root, op.File = root, f.file(plain, op.File.To...)
		return f.by("anna", op)
	}
	lies := []lie{
		{"nothing", Readable, "", func(f *forger) []byte { return f.by("anna", f.write("products", "anna", "amount", 8)) }},
		{"a root of another content", Contradicting, "anna", func(f *forger) []byte {
			op := f.write("products", "anna", "amount", 8)
			op.Root[0] ^= 1
			return f.by("anna", op)
		}},
		{"a content of another author", Contradicting, "anna", func(f *forger) []byte {
			return relabelled(f, func(*entry.Revision) {}, "dora")
		}},
		{"a content of another revision", Contradicting, "anna", func(f *forger) []byte {
			return relabelled(f, func(r *entry.Revision) { r.Number++ }, "anna")
		}},
		{"a content of another instance", Contradicting, "anna", func(f *forger) []byte {
			return relabelled(f, func(r *entry.Revision) { r.Instance = f.participant("sam") }, "anna")
		}},
		{"bytes that are no content", Contradicting, "anna", func(f *forger) []byte {
			op := f.write("products", "anna", "amount", 8)
			f.blobs = nil
			op.File = f.file([]byte("amount: 8"), op.File.To...)
			return f.by("anna", op)
		}},
		{"a file for others", Unreadable, "anna", func(f *forger) []byte {
			op := f.write("products", "anna", "amount", 8)
			to := op.File.To
			f.blobs = nil
			op.File = f.file([]byte("{}"), f.ids("sam", "sue", "crow")...)
			op.File.To = to
			return f.by("anna", op)
		}},
		{"another content to a newcomer", Contradicting, "dora", func(f *forger) []byte {
			plain, _ := f.plain(f.state().present(f.place("products")), f.participant("anna"), map[string]any{"amount": 9})
			if err := f.append(f.by("anna", f.admit("dino", "customer")), false); err != nil {
				f.Fatal(err)
			}
			f.blobs = nil
			return f.by("dora", &entry.Share{Place: f.place("products"), Number: 1, File: f.file(plain, f.ids("dino")...)})
		}},
	}
	for _, l := range lies {
		t.Run(l.name, func(t *testing.T) {
			w := play(t, "deal.yaml", deal)
			f := &forger{world: w}
			if err := f.append(l.tell(f), false); err != nil {
				t.Fatalf("the host cannot tell: %v", err)
			}
			reader := "dora"
			if w.state().people[w.actor("dino").me.ID()] != nil {
				reader = "dino"
				w.play("dora: reads products.amount=700.00")
			}
			w.play(reader + ": sees products " + string(l.status))
			by := ""
			if l.status != Readable {
				by = w.participant(l.by)
			}
			tr := w.trayOf(w.actor(reader))
			v, err := tr.View(w.ctx)
			if got := v.Section("products").By; err != nil || got != by {
				t.Errorf("the view says that the file is by %q: %v", got, err)
			}
			for _, x := range w.verify(reader, w.host, nil).Sections {
				if x.Section == "products" && (x.By != by || x.Author != w.participant("anna")) {
					t.Errorf("the report says that the file is by %q", x.By)
				}
			}
			tasks, err := tr.Waiting(w.ctx)
			for _, x := range tasks {
				if x, ok := x.(TaskReport); ok && x.By != by {
					t.Errorf("the task says that the file is by %q", x.By)
				}
			}
			if err != nil {
				t.Error(err)
			}
			if l.status == Readable {
				return
			}
			// Nothing of it is released, and the reader says so for all to see.
			w.play(reader + ": reads products.amount=\n" + reader + ": unreadable products")
			if at := w.state().places[w.place("products")]; !slices.Contains(at.unreadable, w.participant(reader)) {
				t.Error("nobody knows")
			}
		})
	}
}
