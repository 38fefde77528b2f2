package store

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// simDisk is a disk with a memory in front of it. It promises no more than POSIX
// and a journal do: what was not synced may be lost when the power fails, piece
// by piece; a rename happens whole or not at all; what a failed sync was to write
// is never written by a later one.
type simDisk struct {
	mu      sync.Mutex
	names   map[string]*simFile // folders are nil
	durable map[string]*simFile // what a power failure leaves
	pending []nameChange        // from durable to names
}

type nameChange struct {
	dirs  []string
	apply func(map[string]*simFile)
}

type simFile struct {
	data    []byte
	durable []byte
	pending []dataChange // from durable to data
	locked  *simProcess
}

// dataChange is a write at an offset, or a truncation.
type dataChange struct {
	offset   int64
	data     []byte
	truncate bool
	lost     bool // a sync failed on it
}

func (c dataChange) apply(to []byte) []byte {
	if c.truncate {
		if int64(len(to)) > c.offset {
			return slices.Clip(to[:c.offset])
		}
		return to
	}
	if grow := int(c.offset) + len(c.data) - len(to); grow > 0 {
		to = append(to, make([]byte, grow)...)
	}
	copy(to[c.offset:], c.data)
	return to
}

func newSimDisk() *simDisk {
	return &simDisk{names: map[string]*simFile{".": nil}, durable: map[string]*simFile{".": nil}}
}

// powerFailure returns the disk that one finds afterwards.
func (d *simDisk) powerFailure(rng *rand.Rand) *simDisk {
	for _, change := range d.pending {
		if rng.IntN(2) == 0 {
			change.apply(d.durable)
		}
	}
	after := newSimDisk()
	for name, f := range d.durable {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if _, ok := d.durable[dir]; !ok {
				name = "" // its folder was lost
			}
			if name == "" {
				break
			}
		}
		if name == "" {
			continue
		}
		var copied *simFile
		if f != nil {
			data := bytes.Clone(f.durable)
			for _, c := range f.pending {
				switch {
				case c.lost || rng.IntN(3) == 0:
				case c.truncate || rng.IntN(2) == 0:
					data = c.apply(data)
				default: // torn: some sectors of 8 bytes reach the disk
					for at := 0; at < len(c.data); at += 8 {
						if rng.IntN(2) == 0 {
							part := c.data[at:min(at+8, len(c.data))]
							data = dataChange{offset: c.offset + int64(at), data: part}.apply(data)
						}
					}
				}
			}
			copied = &simFile{data: data, durable: bytes.Clone(data)}
		}
		after.names[name], after.durable[name] = copied, copied
	}
	return after
}

var (
	errDisk   = errors.New("simulated: disk error")
	errKilled = errors.New("simulated: killed")
)

// simProcess is one process's way to the disk. Its operation number failAt
// fails; from operation number dieAt on nothing happens any more. Either may
// have happened in part.
type simProcess struct {
	disk          *simDisk
	rng           *rand.Rand
	ops           int
	failAt, dieAt int
	failed        string // the operation that failed
}

// step counts an operation. If it returns an error, part says whether it is to
// happen in part, where it has parts.
func (p *simProcess) step(op string) (part bool, err error) {
	p.ops++
	switch {
	case p.ops == p.failAt:
		p.failed = op
		return p.rng.IntN(2) == 0, errDisk
	case p.dieAt > 0 && p.ops == p.dieAt:
		p.failed = op
		return p.rng.IntN(2) == 0, errKilled
	case p.dieAt > 0 && p.ops > p.dieAt:
		return false, errKilled
	}
	return false, nil
}

// release is what the system does when a process is gone.
func (p *simProcess) release() {
	for _, f := range p.disk.names {
		if f != nil && f.locked == p {
			f.locked = nil
		}
	}
}

// change makes a change of names. An operation that fails may have taken place.
func (p *simProcess) change(op string, apply func(map[string]*simFile), dirs ...string) error {
	part, err := p.step(op)
	if err == nil || part && err == errKilled {
		apply(p.disk.names)
		p.disk.pending = append(p.disk.pending, nameChange{dirs, apply})
	}
	return err
}

func (p *simProcess) there(name string) bool { _, ok := p.disk.names[name]; return ok }

func (p *simProcess) Open(name string, flag int) (file, error) {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if !p.there(name) {
		if flag&os.O_CREATE == 0 || !p.there(path.Dir(name)) {
			_, err := p.step("open")
			return nil, errors.Join(err, fs.ErrNotExist)
		}
		f := new(simFile)
		if err := p.change("create", func(m map[string]*simFile) { m[name] = f }, path.Dir(name)); err != nil {
			return nil, err
		}
	} else if _, err := p.step("open"); err != nil {
		return nil, err
	}
	f := &simOpen{p, p.disk.names[name]}
	if flag&os.O_TRUNC != 0 {
		f.write(dataChange{truncate: true})
	}
	return f, nil
}

func (p *simProcess) Size(name string) (int64, error) {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if _, err := p.step("stat"); err != nil {
		return 0, err
	}
	if !p.there(name) {
		return 0, fs.ErrNotExist
	}
	return int64(len(p.disk.names[name].data)), nil
}

func (p *simProcess) Mkdir(name string) error {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if p.there(name) {
		_, err := p.step("mkdir")
		return err
	}
	return p.change("mkdir", func(m map[string]*simFile) { m[name] = nil }, path.Dir(name))
}

func (p *simProcess) Rename(from, to string) error {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if !p.there(from) || !p.there(path.Dir(to)) {
		return fs.ErrNotExist
	}
	f := p.disk.names[from]
	return p.change("rename", func(m map[string]*simFile) { delete(m, from); m[to] = f }, path.Dir(from), path.Dir(to))
}

func (p *simProcess) Remove(name string) error {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if !p.there(name) {
		return fs.ErrNotExist
	}
	return p.change("remove", func(m map[string]*simFile) { delete(m, name) }, path.Dir(name))
}

func (p *simProcess) List(dir string) ([]string, error) {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if _, err := p.step("list"); err != nil {
		return nil, err
	}
	if !p.there(dir) {
		return nil, fs.ErrNotExist
	}
	var names []string
	for name := range p.disk.names {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok && !strings.Contains(rest, "/") {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (p *simProcess) SyncDir(dir string) error {
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if _, err := p.step("sync folder"); err != nil {
		return err
	}
	var rest []nameChange
	for _, c := range p.disk.pending {
		if slices.Contains(c.dirs, dir) {
			c.apply(p.disk.durable)
		} else {
			rest = append(rest, c)
		}
	}
	p.disk.pending = rest
	return nil
}

func (p *simProcess) Close() error { return nil }

type simOpen struct {
	p *simProcess
	f *simFile
}

func (o *simOpen) ReadAt(b []byte, at int64) (int, error) {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	if _, err := o.p.step("read"); err != nil {
		return 0, err
	}
	if at >= int64(len(o.f.data)) {
		return 0, io.EOF
	}
	n := copy(b, o.f.data[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (o *simOpen) write(c dataChange) {
	o.f.data = c.apply(o.f.data)
	o.f.pending = append(o.f.pending, c)
}

func (o *simOpen) WriteAt(b []byte, at int64) (int, error) {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	part, err := o.p.step("write")
	n := len(b)
	if err != nil {
		n = 0
		if part { // a short write; the whole of it, too
			n = o.p.rng.IntN(len(b) + 1)
		}
	}
	if n > 0 {
		o.write(dataChange{offset: at, data: bytes.Clone(b[:n])})
	}
	return n, err
}

func (o *simOpen) Truncate(size int64) error {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	part, err := o.p.step("truncate")
	if err == nil || part {
		o.write(dataChange{offset: size, truncate: true})
	}
	return err
}

func (o *simOpen) Sync() error {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	_, err := o.p.step("sync")
	if err == errDisk {
		for i := range o.f.pending {
			o.f.pending[i].lost = true
		}
	}
	if err != nil {
		return err
	}
	for _, c := range o.f.pending {
		if !c.lost {
			o.f.durable = c.apply(o.f.durable)
		}
	}
	o.f.pending = nil
	return nil
}

func (o *simOpen) Size() (int64, error) {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	_, err := o.p.step("size")
	return int64(len(o.f.data)), err
}

func (o *simOpen) Lock() error {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	if _, err := o.p.step("lock"); err != nil {
		return err
	}
	if o.f.locked != nil { // these tests run one thing at a time
		return errors.New("simulated: deadlock")
	}
	o.f.locked = o.p
	return nil
}

func (o *simOpen) Unlock() error {
	o.p.disk.mu.Lock()
	defer o.p.disk.mu.Unlock()
	o.f.locked = nil // cannot fail: so it is with flock
	return nil
}

func (o *simOpen) Close() error { return o.Unlock() }
