// The state of a tray, and the questions that rules ask of it: SPEC.md, "State".
export const key = (p) => `${p.section}/${p.instance ?? ''}`;
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class State {
  constructor(template) {
    this.template = template;
    this.length = 0;
    this.name = template.initial;
    this.people = new Map(); // by id, as they came: {id, roles, key, recipient, keyed}
    this.keys = new Map(); // every key that was ever used, by whom
    this.invites = new Map(); // that are open
    this.places = new Map(); // that were written
    this.words = new Map(); // the last word on each condition
    this.signatures = new Map(); // the last of each participant
    this.blobs = new Set();
    this.dropped = new Set();
    this.texts = []; // notes and reasons
    this.taken = []; // outcomes that were believed, for want of CEL
  }

  has(id, roles) { return (this.people.get(id)?.roles ?? []).some((r) => roles.includes(r)); }
  ended(id) { return this.people.get(id).roles.length === 0; }
  in(roles) { return [...this.people.keys()].filter((id) => this.has(id, roles)); }
  final() { return this.template.states.get(this.name).final === true; }
  order(id) { return [...this.people.keys()].indexOf(id); }

  manages(id, roles) {
    const own = this.people.get(id).roles;
    return roles.every((role) => own.some((r) => this.template.roles.get(r).manages?.includes(role)));
  }

  mayRead(p, id, roles) {
    const s = this.template.sections.get(p.section);
    return s.public === true || s.read.some((r) => (!r.in || r.in.includes(this.name))
      && (roles.includes(r.role) || (r.role === 'self' && id === p.instance && roles.length > 0)));
  }

  readers(p) { return [...this.people.values()].filter((x) => this.mayRead(p, x.id, x.roles)).map((x) => x.id); }

  mayWrite(p, id, state = this.template.states.get(this.name)) {
    const s = this.template.sections.get(p.section);
    return (state.edit ?? []).some((e) => this.has(id, [e.role]) && e.sections.includes(p.section)
      && (s.write.includes(e.role) || (id === p.instance && s.write.includes('self'))));
  }

  // couldWrite: in some state or other.
  couldWrite(p, id) { return [...this.template.states.values()].some((state) => this.mayWrite(p, id, state)); }

  isPlace(p) {
    const s = this.template.sections.get(p.section);
    if (!s) return false;
    return s.per ? this.has(p.instance, s.per) : !p.instance;
  }

  // holds: a file of the place is sealed to the present keys of a participant,
  // or to an invite, who did not say that it cannot be read.
  holds(at, id) {
    const keyed = this.people.get(id)?.keyed ?? -1; // of an invite
    return !at.unreadable.has(id) && at.files.some((f) => { const i = f.to.indexOf(id); return i >= 0 && f.keyed[i] === keyed; });
  }

  // isHeld: somebody who is there can tell what an opaque place holds; its author, if
  // a file was sealed to him, whatever he said or did with his keys since, unless
  // another says that it cannot be read.
  isHeld(at) {
    const had = at.files.some((f) => f.keyed[f.to.indexOf(at.author)] >= 0);
    const lost = [...at.unreadable].some((id) => id !== at.author && !this.ended(id));
    return [...this.people.keys()].some((id) => !this.ended(id) && (this.holds(at, id) || (id === at.author && had && !lost)));
  }

  canRead(p, id) {
    const at = this.places.get(key(p));
    if (!at) return this.mayRead(p, id, this.people.get(id).roles);
    return this.template.sections.get(p.section).public === true || this.holds(at, id);
  }

  // present gives a revision as ops name it, members in the order of the log.
  present(p) {
    const at = this.places.get(key(p)), r = { section: p.section };
    if (p.instance) r.instance = p.instance;
    r.revision = at?.number ?? 0;
    if (at) r.root = at.root;
    return r;
  }

  isPresent(r) { return same(this.present(r), r); }

  // instances gives whose instances of sections are meant when somebody acts in a
  // role; without one, everybody's.
  instances(sections, actor, role) {
    for (const name of sections) {
      const per = this.template.sections.get(name).per;
      if (per) return per.includes(role) ? [actor] : this.in(per);
    }
    return [undefined];
  }

  placesOf(sections, instance) {
    return sections.map((section) => (this.template.sections.get(section).per ? { section, instance } : { section }));
  }

  covers(sig, actor) {
    return sig.covers.flatMap((s) => this.instances([s], actor, sig.by).map((i) => this.present(this.placesOf([s], i)[0])));
  }

  fresh(name, id) {
    const got = this.signatures.get(`${name}/${id}`);
    return got !== undefined && !got.ended && this.has(id, [got.role])
      && this.covers(this.template.signatures.get(name), id).every((r) => got.covers.some((c) => same(c, r)));
  }

  // complete: a signature was given by as many as it needs.
  complete(sig) {
    const all = this.in([sig.by]), have = all.filter((id) => this.fresh(sig.signature, id)).length;
    return sig.quorum === 'all' ? have > 0 && have === all.length : have >= (sig.quorum === 'one' ? 1 : Number(sig.quorum));
  }

  // given: a signature that its condition demands for an instance is there; of the
  // instance's participant, where each signs for himself.
  given(sig, instance) {
    return this.template.signedByEach(sig) ? this.fresh(sig.signature, instance) : this.complete(sig);
  }

  // audience gives who reads a note or reason.
  audience(author, named, own) {
    const managers = () => [...this.template.roles.values()].filter((r) => own.some((o) => r.manages?.includes(o))).map((r) => r.role);
    const roles = named?.length ? named : managers();
    return [...this.people.keys()].filter((id) => id === author || this.has(id, roles));
  }

  // word gives the last word on a condition, if it is on present revisions.
  word(condition, instance, words) {
    const about = `${condition}/${instance ?? ''}`, w = words.get(about) ?? this.words.get(about);
    return w && w.on.every((r) => this.isPresent(r)) ? w : undefined;
  }
}
