// The canonical template: SPEC.md, "The template". What its expressions mean
// needs CEL, which this reader does without: what they read it takes from the
// table of conditions.
import { demand, refuse } from './refuse.js';

const text = (v) => { demand(typeof v === 'string' && v.isWellFormed(), 'malformed', 'a text of the template'); return JSON.stringify(v); };
const id = (v) => { demand(/^[a-z][a-z0-9_]{0,62}$/.test(v), 'malformed', 'a name of the template'); return text(v); };
const integer = (v) => { demand(Number.isSafeInteger(v) && v > 0, 'malformed', 'a number of the template'); return String(v); };
const yes = (v) => { demand(v === true, 'malformed', 'a flag of the template'); return 'true'; };
const list = (of, min = 1) => (v) => { demand(Array.isArray(v) && v.length >= min, 'malformed', 'a list of the template'); return `[${v.map(of).join(',')}]`; };
const languages = (v) => {
  demand(v !== null && typeof v === 'object' && Object.keys(v).length > 0, 'malformed', 'a text of the template');
  return `{${Object.keys(v).sort().map((k) => `${text(k)}:${text(v[k])}`).join(',')}}`;
};
const object = (members) => (v) => {
  demand(v !== null && typeof v === 'object' && !Array.isArray(v), 'malformed', 'an object of the template');
  const out = [];
  for (const [name, type] of Object.entries(members())) {
    const member = name.replace('?', '');
    if (Object.hasOwn(v, member)) out.push(`"${member}":${type(v[member])}`);
    else demand(name.endsWith('?'), 'malformed', `member ${member} of the template`);
  }
  return `{${out.join(',')}}`;
};
const names = list(text);
const currencies = (v) => {
  const out = list(text)(v);
  demand(v.every((c) => /^[A-Z]{3}$/.test(c)) && new Set(v).size === v.length && v.length <= 300, 'malformed', 'the currencies of a field');
  return out;
};
const scalar = (v) => { demand(['text', 'integer', 'decimal', 'money', 'boolean', 'date', 'datetime', 'duration'].includes(v), 'malformed', 'a kind of the template'); return text(v); };
const callable = (v) => { demand(/^[a-z][A-Za-z0-9_]{0,62}$/.test(v), 'malformed', 'a function of the template'); return text(v); };

const members = object(() => ({
  'name?': id, type: text, 'title?': languages, 'help?': languages, 'required?': yes, 'required_if?': text, 'when?': text,
  'compute?': text, 'check?': text, 'message?': languages, 'message_expression?': text, 'severity?': text, 'format?': text,
  'min?': text, 'max?': text, 'scale?': integer, 'currencies?': currencies, 'choices?': list(object(() => ({ name: text, 'title?': languages, 'when?': text }))),
  'of?': field, 'fields?': list(field),
}));
const field = (v) => {
  const out = members(v);
  demand(!v.currencies || v.type === 'money', 'malformed', 'currencies are of money');
  return out;
};
const definition = object(() => ({
  format: text, template: id, version: integer, 'title?': languages,
  roles: list(object(() => ({ role: id, 'title?': languages, 'manages?': names }))),
  sections: list(object(() => ({
    section: id, 'title?': languages, 'public?': yes, 'per?': names,
    'read?': list(object(() => ({ role: id, 'in?': names }))), write: list(text, 0), 'attest?': names, fields: list(field),
  }))),
  'rules?': list(object(() => ({
    id, rule: text, 'message?': languages, 'message_expression?': text, 'field?': text, 'reason?': text, 'severity?': text, 'at?': names, 'attest?': names,
  }))),
  'signatures?': list(object(() => ({
    signature: id, 'title?': languages, by: id, covers: names, declare: languages, 'required?': yes, 'required_if?': text,
    quorum: text, 'blind?': yes, 'attest?': names,
  }))),
  lifecycle: object(() => ({
    initial: id,
    states: list(object(() => ({
      state: id, 'title?': languages, 'final?': yes, 'due?': text, 'edit?': list(object(() => ({ role: id, sections: names }))),
    }))),
    events: list(object(() => ({
      event: id, 'title?': languages, from: names, to: id, by: names, 'guard?': text, 'attest?': names, 'valid?': names,
      'signed?': names, 'reason?': object(() => ({ 'required?': yes, 'read?': names })),
    }))),
  })),
  'notes?': names, 'holidays?': names,
  'needs?': object(() => ({
    'functions?': list(object(() => ({ function: callable, 'member?': yes, 'args?': list(scalar), result: scalar }))), 'formats?': list(id),
  })),
  conditions: list(object(() => ({
    condition: text, 'sections?': names, 'facts?': names, 'old?': yes, 'needs?': names, 'attest?': names, 'writer?': yes, 'events?': names,
  }))),
}));

// atWrites: the condition is due whenever a section that it reads is written.
export const atWrites = (c) => c.old === true && /^(change|rule)\./.test(c.condition);

export class Template {
  constructor(bytes) {
    demand(bytes.length <= 256 << 10, 'malformed', 'the template is too long');
    let d;
    try { d = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)); } catch { refuse('malformed', 'the template is no JSON'); }
    demand(Buffer.from(definition(d)).equals(bytes), 'malformed', 'not the canonical encoding of a template');
    demand(d.format === 'vassoio-template/1', 'malformed', 'a template of another format');
    const index = (things, key) => {
      const m = new Map(things.map((t, i) => [t[key], { ...t, index: i }]));
      demand(m.size === things.length, 'malformed', `a ${key} of the template stands twice`);
      return m;
    };
    this.name = d.template;
    this.roles = index(d.roles, 'role');
    this.sections = index(d.sections, 'section');
    this.signatures = index(d.signatures ?? [], 'signature');
    this.states = index(d.lifecycle.states, 'state');
    this.events = index(d.lifecycle.events, 'event');
    this.conditions = index(d.conditions, 'condition');
    this.initial = d.lifecycle.initial;
    this.notes = d.notes ?? [];
    const known = (list, map) => demand((list ?? []).every((n) => map.has(n)), 'malformed', 'the template names what it does not have');
    for (const r of this.roles.values()) known(r.manages, this.roles);
    for (const s of this.signatures.values()) { known([s.by], this.roles); known(s.covers, this.sections); }
    for (const s of this.sections.values()) {
      demand(s.public ? !s.read : s.read, 'malformed', 'somebody reads a section, or it is public');
      demand(s.per || !(s.read ?? []).some((r) => r.role === 'self'), 'malformed', 'self is for sections per role');
      known(s.per, this.roles);
    }
    for (const c of this.conditions.values()) { known(c.sections, this.sections); known(c.attest, this.roles); known(c.events, this.events); }
    // What the application is needed for, not everybody comes to: nothing public waits for it.
    const has = [...(d.needs?.functions ?? []).map((f) => f.function), ...(d.needs?.formats ?? [])];
    demand(new Set(has).size === has.length && (d.needs === undefined || has.length > 0), 'malformed', 'what the template needs is told once');
    for (const c of this.conditions.values()) {
      known(c.needs, new Map(has.map((n) => [n, n])));
      const open = (c.sections ?? []).every((n) => this.sections.get(n).public);
      demand(!(c.needs && open && (c.events || c.old)), 'malformed', 'a public condition needs nothing of the application');
    }
    for (const e of this.events.values()) { known([...e.from, e.to], this.states); known(e.by, this.roles); known(e.signed, this.signatures); }
    known([this.initial], this.states);
    const [got, want] = [d.conditions, this.table(d)].map((t) => JSON.stringify(t));
    demand(got === want, 'malformed', 'not the table of conditions that the template gives');
  }

  // table makes the table of conditions again, but for what takes CEL to find
  // out: what an expression reads, and so whether a rule stands for itself.
  table(d) {
    const reads = (section, role, state) => section.read.some((r) => (!r.in || r.in.includes(state))
      && (r.role === role || (r.role === 'self' && section.per.includes(role))));
    const rows = [];
    const row = (id, attest, events) => {
      const old = this.conditions.get(id), r = { condition: id };
      if (!old) return;
      for (const m of ['sections', 'facts', 'old', 'needs']) if (old[m]) r[m] = old[m];
      const opaque = (r.sections ?? []).map((s) => this.sections.get(s)).filter((s) => !s.public);
      if (opaque.length > 0) {
        r.attest = attest ?? [...this.roles.keys()].filter((role) => [...this.states.keys()].some((st) => opaque.every((s) => reads(s, role, st))));
        if (r.attest.length === 0) delete r.attest;
        const change = id.startsWith('change.'), back = r.old && (change || id.startsWith('rule.'));
        if ((!attest || change) && opaque.length === 1 && (!r.facts || back)) r.writer = true;
      }
      const due = events ?? (r.sections ? d.lifecycle.events.filter((e) => r.sections.every((s) => e.valid?.includes(s))).map((e) => e.event) : []);
      if (due.length > 0) r.events = due;
      demand(!atWrites(r) || !r.facts?.includes('role'), 'malformed', 'nobody acts in a role where a section is written');
      demand(!atWrites(r) || r.writer || !r.attest, 'malformed', 'whoever writes cannot tell what is due at writes');
      rows.push(r);
    };
    for (const s of d.sections) row(`valid.${s.section}`, s.attest, d.lifecycle.events.filter((e) => e.valid?.includes(s.section)).map((e) => e.event));
    for (const s of d.sections) row(`change.${s.section}`, s.attest, []);
    for (const r of d.rules ?? []) {
      const advisory = r.severity === 'warning' && this.conditions.get(`rule.${r.id}`)?.needs;
      row(`rule.${r.id}`, r.attest, r.at ?? (advisory ? [] : undefined));
    }
    for (const e of d.lifecycle.events) if (e.guard) row(`guard.${e.event}`, e.attest, [e.event]);
    for (const s of d.signatures ?? []) if (s.required_if) row(`required.${s.signature}`, s.attest, d.lifecycle.events.filter((e) => e.signed?.includes(s.signature)).map((e) => e.event));
    return rows;
  }

  // signedByEach: a signature's condition reads what is per its signers' role alone.
  signedByEach(sig) {
    return (this.conditions.get(`required.${sig.signature}`)?.sections ?? []).some((s) => this.sections.get(s).per?.join() === sig.by);
  }

  // needs gives the conditions that an event needs, in the order of the table.
  needs(event) { return [...this.conditions.values()].filter((c) => c.events?.includes(event)); }

  // inOrder sorts roles as the template does, each once.
  inOrder(roles) { return [...this.roles.keys()].filter((r) => roles.includes(r)); }
}
