// The canonical template: SPEC.md, "The template". What its expressions mean
// needs CEL, which this reader does without: it takes the table of conditions
// as the host that admitted the template checked it.
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

const field = object(() => ({
  'name?': id, type: text, 'title?': languages, 'help?': languages, 'required?': yes, 'required_if?': text, 'when?': text,
  'compute?': text, 'check?': text, 'message?': languages, 'message_expression?': text, 'severity?': text, 'format?': text,
  'min?': text, 'max?': text, 'scale?': integer, 'choices?': list(object(() => ({ name: text, 'title?': languages, 'when?': text }))),
  'of?': field, 'fields?': list(field),
}));
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
  conditions: list(object(() => ({
    condition: text, 'sections?': names, 'facts?': names, 'old?': yes, 'attest?': names, 'writer?': yes, 'events?': names,
  }))),
}));

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
    for (const c of this.conditions.values()) { known(c.sections, this.sections); known(c.attest, this.roles); known(c.events, this.events); }
    for (const e of this.events.values()) { known([...e.from, e.to], this.states); known(e.by, this.roles); known(e.signed, this.signatures); }
    known([this.initial], this.states);
  }

  // needs gives the conditions that an event needs, in the order of the table.
  needs(event) { return [...this.conditions.values()].filter((c) => c.events?.includes(event)); }

  // inOrder sorts roles as the template does, each once.
  inOrder(roles) { return [...this.roles.keys()].filter((r) => roles.includes(r)); }
}
