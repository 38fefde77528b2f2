// What the parts of a template demand of each other: SPEC.md, "The template".
// What only the expressions tell is left out.
import { amount, seconds, spelled } from './content.js';
import { builtin, facts, formats, isDistinct, limit, revised, scalars, sound } from './shape.js';

// Which types take a member, and which need it.
const sized = ['text', 'list', 'integer', 'decimal', 'money', 'date', 'datetime', 'duration'];
const takes = {
  format: ['text'], min: sized, max: sized, scale: ['decimal', 'money'], currencies: ['money'], choices: ['choice'], of: ['list'],
  fields: ['record'], compute: [...scalars, 'choice'],
};
const needs = { list: ['of'], decimal: ['scale'], choice: ['choices'], record: ['fields'] };

// What a bound of each type comes to, so that two can be compared; undefined if
// it is none.
const count = (most) => (f, v) => (/^(0|[1-9]\d*)$/.test(v) && Number(v) <= most ? Number(v) : undefined);
const bounds = {
  text: count(limit.codePoints),
  list: count(limit.items),
  integer: (f, v) => {
    if (!/^(0|-?[1-9]\d{0,15})$/.test(v)) return undefined;
    const n = BigInt(v);
    return n <= limit.integer && n >= -limit.integer ? n : undefined;
  },
  decimal: (f, v) => amount(v, f.scale ?? 0),
  money: (f, v) => amount(v, f.scale ?? 0),
  date: (f, v) => (spelled.date(f, v) ? Date.parse(v) : undefined),
  datetime: (f, v) => (spelled.datetime(f, v) ? Date.parse(v) : undefined),
  duration: (f, v) => (spelled.duration(f, v) ? seconds(v) : undefined),
};

function checkBounds(f) {
  const [min, max] = [f.min, f.max].map((v) => v && bounds[f.type](f, v));
  sound((!f.min || min !== undefined) && (!f.max || max !== undefined) && !(min > max), 'a bound');
  sound(!['text', 'list'].includes(f.type) || max > 0, 'a bound'); // which they always have
}

// checkField checks a field of a section or record, or the items of a list.
function checkField(f, own, isItem) {
  for (const [member, types] of Object.entries(takes)) sound(!Object.hasOwn(f, member) || types.includes(f.type), `a ${member}`);
  for (const member of needs[f.type] ?? []) sound(Object.hasOwn(f, member), `a ${f.type} without ${member}`);
  checkBounds(f);
  sound(isItem ? !f.name : f.name, 'the name of a field');
  sound(!isItem || (f.type !== 'list' && !f.required && !f.required_if && !f.when && !f.compute), 'the items of a list');
  sound(!f.required || !f.required_if, 'what is required always and sometimes');
  sound(f.check || (!f.message && !f.message_expression && !f.severity), 'what is said without a check');
  sound(!f.format || formats.includes(f.format) || own.includes(f.format), 'a format');
  sound(isDistinct((f.choices ?? []).map((c) => c.name)) && isDistinct(f.currencies ?? []), 'what stands twice in a field');
  if (f.of) checkField(f.of, own, true);
  if (f.fields) checkFields(f.fields, own);
}

function checkFields(fields, own) {
  sound(isDistinct(fields.map((f) => f.name)), 'fields of one name');
  for (const f of fields) checkField(f, own, false);
}

// below lists fields with all that are in them; the items of lists are none, but
// have some.
export const below = (fields) => fields.flatMap((f) => [f, ...below(f.fields ?? f.of?.fields ?? [])]);
const all = (fields) => fields.flatMap((f) => [f, ...(f.of ? all([f.of]) : []), ...all(f.fields ?? [])]);

const expressionMembers = ['required_if', 'when', 'compute', 'check', 'message_expression', 'rule', 'guard'];
const expressions = (v) => Object.entries(v).flatMap(([member, x]) => {
  if (x !== null && typeof x === 'object') return expressions(x);
  return expressionMembers.includes(member) ? [x] : [];
});

// isPath: there is a section, field or public fact at a path such as "order.lines[].price".
function isPath(t, path) {
  if (t.sections.has(path)) return true;
  const [name, ...steps] = path.replace(/^old\./, '').split('.');
  if (t.sections.has(name) && steps.length > 0) return isField(t.sections.get(name).fields, steps);
  const counted = { participants: t.roles, signed: t.signatures }[name];
  if (counted) return counted.size > 0 && (steps.length === 0 || (steps.length === 1 && counted.has(steps[0])));
  return facts.includes(name) && steps.length === 0;
}

function isField(fields, [step, ...more]) {
  const [, name, items] = /^(.*?)(\[\])?$/.exec(step);
  let f = (fields ?? []).find((x) => x.name === name);
  if (f && items) f = f.of;
  return f !== undefined && (more.length === 0 || isField(f.fields, more));
}

// checkLifecycle: every state is reached, and leads to a final one.
function checkLifecycle(t, events) {
  const isFinal = (name) => t.states.get(name).final === true;
  sound(!isFinal(t.initial), 'the initial state');
  sound(events.every((e) => !e.from.some(isFinal)), 'an event in a final state');
  const spread = (from, next) => {
    for (const name of from) for (const to of next(name)) from.add(to); // a set is walked to what is added, too
    return from;
  };
  const forth = (name) => events.filter((e) => e.from.includes(name)).map((e) => e.to);
  const back = (name) => events.filter((e) => e.to === name).flatMap((e) => e.from);
  const names = [...t.states.keys()];
  sound(spread(new Set([t.initial]), forth).size === names.length, 'a state that is not reached');
  sound(spread(new Set(names.filter(isFinal)), back).size === names.length, 'a state that leads nowhere');
}

// samePer: sections that are named together are per the same roles, if they are per any.
export function samePer(t, sections) {
  const per = (sections ?? []).map((name) => t.sections.get(name).per).filter((p) => p);
  sound(per.every((p) => [...p].sort().join() === [...per[0]].sort().join()), 'sections per different roles');
}

// check checks a template d, of which t has the parts by name.
export function check(d, t) {
  const own = d.needs?.formats ?? [], functions = d.needs?.functions ?? [];
  const names = (list, known) => sound((list ?? []).every((n) => known.has(n)) && isDistinct(list ?? []), 'a list of names');
  const roles = (...lists) => lists.forEach((list) => names(list, t.roles));
  const sections = (...lists) => lists.forEach((list) => names(list, t.sections));

  sound(!t.roles.has('self') && !facts.some((f) => t.sections.has(f)), 'a reserved name');
  for (const r of d.roles) {
    roles(r.manages);
    sound(d.roles.some((m) => m.manages?.includes(r.role)), 'a role that nobody manages');
  }
  for (const s of d.sections) {
    roles(s.per, s.attest);
    const parties = new Map([...t.roles, ...(s.per ? [['self']] : [])]);
    names(s.write, parties);
    names(s.read?.map((r) => r.role), parties);
    for (const r of s.read ?? []) names(r.in, t.states);
    sound(s.public ? !s.read : s.read, 'the readers of a section');
    checkFields(s.fields, own);
    sound(below(s.fields).length <= limit.sectionFields, 'the fields of a section');
    sound(!s.public || all(s.fields).every((f) => !revised.includes(f.format)), 'a public section');
  }
  sound(d.sections.flatMap((s) => below(s.fields)).length <= limit.fields, 'the fields');
  sound(expressions(d).reduce((n, e) => n + Buffer.byteLength(e), 0) <= limit.expressions, 'the expressions');
  sound(isDistinct((d.rules ?? []).map((r) => r.id)), 'rules of one id');
  for (const r of d.rules ?? []) {
    names(r.at, t.events);
    roles(r.attest);
    sound(!r.field || isPath(t, r.field), 'the field of a rule');
  }
  for (const s of t.signatures.values()) {
    roles([s.by], s.attest);
    sections(s.covers);
    samePer(t, s.covers);
    sound(!s.required || !s.required_if, 'what is required always and sometimes');
    sound(!s.attest || s.required_if, 'an attest without a condition');
  }
  names([d.lifecycle.initial], t.states);
  for (const s of d.lifecycle.states) {
    names(s.edit?.map((e) => e.role), t.roles);
    sections(...(s.edit ?? []).map((e) => e.sections));
  }
  for (const e of d.lifecycle.events) {
    names(e.from, t.states);
    names([e.to], t.states);
    roles(e.by, e.attest, e.reason?.read);
    sections(e.valid);
    names(e.signed, t.signatures);
    sound(!e.attest || e.guard, 'an attest without a condition');
  }
  checkLifecycle(t, d.lifecycle.events);
  roles(d.notes);
  sound((d.holidays ?? []).every((day) => spelled.date({}, day)), 'a holiday');
  sound(own.every((f) => !formats.includes(f)), 'a format of the application');
  sound(isDistinct([...functions.map((f) => f.function), ...own]), 'a function of the application');
  sound(functions.every((f) => !builtin.includes(f.function) && (!f.member || f.args)), 'a function of the application');
  sound(!d.needs || functions.length + own.length > 0, 'needs of nothing');
}
