// The canonical template: SPEC.md, "The template". What its expressions mean
// needs CEL, which this reader does without: what they read it takes from the
// table of conditions.
import { below, check, samePer } from './checks.js';
import { refuse } from './refuse.js';
import { limit, sound, template } from './shape.js';

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// atWrites: the condition is due whenever a section that it reads is written.
export const atWrites = (c) => c.old === true && /^(change|rule)\./.test(c.condition);

export class Template {
  constructor(bytes) {
    sound(bytes.length <= limit.size, 'the length');
    let d;
    try { d = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)); } catch { refuse('malformed', 'the template is no JSON'); }
    sound(Buffer.from(template(d)).equals(bytes), 'the one encoding');
    const index = (things, key) => {
      const m = new Map(things.map((t, i) => [t[key], { ...t, index: i }]));
      sound(m.size === things.length, `a ${key} that stands twice`);
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
    check(d, this);
    sound(same(d.conditions, this.table(d)), 'the table of conditions');
  }

  // table makes the table of conditions again, but for what takes CEL to find
  // out: what an expression reads, and so whether a rule stands for itself.
  table(d) {
    const reads = (section, role, state) => section.read.some((r) => (!r.in || r.in.includes(state))
      && (r.role === role || (r.role === 'self' && section.per.includes(role))));
    const sorted = (names) => [...new Set(names)].sort();
    const where = (fits) => d.lifecycle.events.filter(fits).map((e) => e.event);
    const needed = { functions: (d.needs?.functions ?? []).map((f) => f.function), formats: d.needs?.formats ?? [] };
    const rows = [];
    const row = (id, attest, { events, advises = false, formats = [] } = {}) => {
      const told = this.conditions.get(id), r = { condition: id };
      sound(told, 'a condition');
      if (told.sections) r.sections = [...this.sections.keys()].filter((s) => told.sections.includes(s));
      if (told.facts) r.facts = sorted(told.facts);
      if (told.old) r.old = true;
      if (told.needs) r.needs = sorted(told.needs);
      sound(!r.facts?.includes('signed') || this.signatures.size > 0, 'a fact');
      sound(same(sorted(formats), (r.needs ?? []).filter((n) => !needed.functions.includes(n))), 'what a condition needs');
      samePer(this, r.sections);
      const opaque = (r.sections ?? []).map((s) => this.sections.get(s)).filter((s) => !s.public);
      const change = id.startsWith('change.'), advisory = advises && r.needs !== undefined;
      if (opaque.length > 0) {
        r.attest = attest ?? [...this.roles.keys()].filter((role) => [...this.states.keys()].some((st) => opaque.every((s) => reads(s, role, st))));
        if (r.attest.length === 0) delete r.attest;
        if ((!attest || change) && opaque.length === 1 && (!r.facts || atWrites(r))) r.writer = true;
      }
      const due = events ?? (r.sections && !advisory ? where((e) => r.sections.every((s) => e.valid?.includes(s))) : []);
      if (due.length > 0) r.events = due;
      sound(opaque.length > 0 || !attest || change, 'an attest of what everybody tells');
      // What the application is needed for, not everybody comes to: nothing public waits for it.
      sound(opaque.length > 0 || !r.needs || (advisory && !r.events && !r.old), 'a public condition');
      sound(!atWrites(r) || !r.facts?.includes('role'), 'a role where a section is written');
      sound(!atWrites(r) || opaque.length === 0 || r.writer, 'what is due at writes, and told by others');
      rows.push(r);
      return r;
    };
    for (const s of d.sections) {
      const formats = below(s.fields).map((f) => f.format ?? f.of?.format).filter((f) => needed.formats.includes(f));
      const r = row(`valid.${s.section}`, s.attest, { events: where((e) => e.valid?.includes(s.section)), formats });
      sound(same(r.sections, [s.section]) && !r.old, 'what is valid');
    }
    for (const s of d.sections) {
      if (!this.conditions.has(`change.${s.section}`)) continue;
      const r = row(`change.${s.section}`, s.attest, { events: [] });
      sound(same(r.sections, [s.section]) && r.old, 'a change');
    }
    for (const rule of d.rules ?? []) {
      const advises = rule.severity === 'warning';
      if (!this.conditions.has(`rule.${rule.id}`)) {
        sound(!rule.at && !rule.attest, 'a rule without a condition');
        continue;
      }
      const r = row(`rule.${rule.id}`, rule.attest, { events: rule.at, advises });
      sound(r.sections?.length !== 1 || r.facts || r.old || rule.at || (advises && r.needs), 'a rule of one section');
    }
    for (const e of d.lifecycle.events) if (e.guard) row(`guard.${e.event}`, e.attest, { events: [e.event] });
    for (const s of d.signatures ?? []) if (s.required_if) row(`required.${s.signature}`, s.attest, { events: where((e) => e.signed?.includes(s.signature)) });
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
