// The shape of a canonical template, and what each member can be by itself:
// SPEC.md, "The template". As in encoding.js, a type is a function that writes a
// value, or refuses it.
import { seconds } from './content.js';
import { demand } from './refuse.js';

export const limit = {
  size: 256 << 10, version: 2 ** 31 - 1, languages: 32, language: 35, text: 2000, declaration: 20000, due: 3660, quorum: 200,
  roles: 32, sections: 64, fields: 1000, sectionFields: 200, depth: 4, rules: 200, states: 64, events: 64, signatures: 32, holidays: 400,
  functions: 100, arguments: 8, formats: 100, expression: 2048, expressions: 65536,
  scale: 18, integer: 2n ** 53n - 1n, items: 5000, codePoints: 100000, choices: 1000, choice: 64, currencies: 300,
};

// Names that mean something else in expressions.
const reserved = `true false null in as break const continue else for function if import let loop package namespace return
  var void while old this lang`.split(/\s+/);
export const facts = ['state', 'now', 'today', 'role', 'participants', 'signed'];

// Formats of texts; those of "revised" follow a table that changes.
export const revised = ['bic', 'country', 'currency', 'iban', 'vat_eu'];
export const formats = [...revised, ...`email hostname ip ip_prefix pec phone postal_code_it sdi semver tax_code_it uri
  uri_ref uuid vat_it`.split(/\s+/)];

// Functions and macros of expressions, whose names no function of an application has.
export const builtin = `abs addDays addMonths addWorkdays all amount bind bool bytes charAt contains currency date day days
  daysUntil decimal distinct div double duration dyn endsWith exists existsOne exists_one filter first flatten format getDate
  getDayOfMonth getDayOfWeek getDayOfYear getDays getFullYear getHours getMilliseconds getMinutes getMonth getSeconds greatest
  has hasValue in indexOf int isBic isCountry isCurrency isEmail isHostAndPort isHostname isIban isIp isIpPrefix isPec isPhone
  isPostalCodeIt isSdi isSemver isTaxCodeIt isUri isUriRef isUuid isVat isVatIt isWorkday join last lastIndexOf least
  lowerAscii map matches money month optFlatMap optMap or orValue replace reverse round roundHalfEven size slice sort sortBy
  split startsWith string substring sum timestamp transformList transformMap transformMapEntry trim type uint unwrapOpt
  upperAscii value weekday workdaysUntil year`.split(/\s+/);

export const scalars = ['text', 'integer', 'decimal', 'money', 'boolean', 'date', 'datetime', 'duration'];
export const types = [...scalars, 'choice', 'list', 'record'];

export const sound = (holds, what) => demand(holds, 'malformed', `${what} of the template`);
export const isDistinct = (list) => new Set(list).size === list.length;

// What would hide, or reorder, what stands beside it.
const hidden = /[\p{Cc}\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]/u;
const isPlain = (v) => typeof v === 'string' && v !== '' && v.isWellFormed() && !hidden.test(v.replace(/[\n\t]/g, ''));
const says = (v, bytes) => !/^\p{White_Space}*$/u.test(v) && Buffer.byteLength(v) <= bytes;

const string = (what, fits = () => true) => (v) => { sound(isPlain(v) && fits(v), what); return JSON.stringify(v); };
const pattern = (what, p) => string(what, (v) => p.test(v));
const among = (what, values) => string(what, (v) => values.includes(v));
const number = (what, max) => (v) => { sound(Number.isSafeInteger(v) && v > 0 && v <= max, what); return String(v); };
const yes = (v) => { sound(v === true, 'a flag'); return 'true'; };
const list = (what, of, max = Infinity, min = 1) => (v) => {
  sound(Array.isArray(v) && v.length >= min && v.length <= max, what);
  return `[${v.map(of).join(',')}]`;
};
const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);
const object = (members) => (v) => {
  sound(isObject(v), 'an object');
  const out = [];
  for (const [name, type] of Object.entries(members)) {
    const member = name.replace('?', '');
    if (Object.hasOwn(v, member)) out.push(`"${member}":${type(v[member])}`);
    else sound(name.endsWith('?'), `member ${member}`);
  }
  return `{${out.join(',')}}`;
};
const text = (bytes) => (v) => {
  sound(isObject(v), 'a text');
  const tags = Object.keys(v).sort();
  sound(tags.length > 0 && tags.length <= limit.languages, 'the languages of a text');
  return `{${tags.map((tag) => {
    sound(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) && tag.length <= limit.language, 'a language');
    return `${JSON.stringify(tag)}:${string('a text', (s) => says(s, bytes))(v[tag])}`;
  }).join(',')}}`;
};

const id = pattern('a name', /^[a-z][a-z0-9_]{0,62}$/);
const word = (v) => { sound(!reserved.includes(v), 'a name'); return id(v); }; // one that stands in expressions
const ids = list('names', id);
const title = text(limit.text);
const expression = string('an expression', (v) => says(v, limit.expression));
const severity = among('a severity', ['error', 'warning']);
const scalar = among('a type', scalars);
const choice = string('a choice', (v) => !/[\n\t]/.test(v) && Buffer.byteLength(v) <= limit.choice);
const due = string('a duration', (v) => seconds(v) > 0 && seconds(v) <= limit.due * 86400);
const quorum = string('a quorum', (v) => v === 'one' || v === 'all' || (/^[1-9]\d*$/.test(v) && Number(v) <= limit.quorum));

const fields = (around) => list('fields', field(around));
// field is the type of a field with so many lists and records around it.
const field = (around) => (v) => {
  sound(around <= limit.depth, 'the depth of lists and records');
  return object({
    'name?': word, type: among('a type', types), 'title?': title, 'help?': title, 'required?': yes, 'required_if?': expression,
    'when?': expression, 'compute?': expression, 'check?': expression, 'message?': title, 'message_expression?': expression,
    'severity?': severity, 'format?': id, 'min?': string('a bound'), 'max?': string('a bound'), 'scale?': number('a scale', limit.scale),
    'currencies?': list('currencies', pattern('a currency', /^[A-Z]{3}$/), limit.currencies),
    'choices?': list('choices', object({ name: choice, 'title?': title, 'when?': expression }), limit.choices),
    'of?': field(around + 1), 'fields?': fields(around + 1),
  })(v);
};
const role = object({ role: word, 'title?': title, 'manages?': ids });
const section = object({
  section: word, 'title?': title, 'public?': yes, 'per?': ids, 'read?': list('readers', object({ role: id, 'in?': ids })),
  write: list('writers', id, Infinity, 0), 'attest?': ids, fields: fields(0),
});
const rule = object({
  id, rule: expression, 'message?': title, 'message_expression?': expression, 'field?': string('a path'), 'reason?': string('a reason'),
  'severity?': severity, 'at?': ids, 'attest?': ids,
});
const signature = object({
  signature: word, 'title?': title, by: id, covers: ids, declare: text(limit.declaration), 'required?': yes, 'required_if?': expression,
  quorum, 'blind?': yes, 'attest?': ids,
});
const state = object({ state: id, 'title?': title, 'final?': yes, 'due?': due, 'edit?': list('edits', object({ role: id, sections: ids })) });
const event = object({
  event: id, 'title?': title, from: ids, to: id, by: ids, 'guard?': expression, 'attest?': ids, 'valid?': ids, 'signed?': ids,
  'reason?': object({ 'required?': yes, 'read?': ids }),
});
const functionOf = object({
  function: pattern('a function', /^[a-z][A-Za-z0-9_]{0,62}$/), 'member?': yes, 'args?': list('arguments', scalar, limit.arguments), result: scalar,
});
const condition = object({
  condition: string('a condition'), 'sections?': ids, 'facts?': list('facts', among('a fact', facts)), 'old?': yes,
  'needs?': list('needs', string('a need')), 'attest?': ids, 'writer?': yes, 'events?': ids,
});

// template writes a whole template.
export const template = object({
  format: among('a format', ['vassoio-template/1']), template: id, version: number('a version', limit.version), 'title?': title,
  roles: list('roles', role, limit.roles), sections: list('sections', section, limit.sections), 'rules?': list('rules', rule, limit.rules),
  'signatures?': list('signatures', signature, limit.signatures),
  lifecycle: object({ initial: id, states: list('states', state, limit.states), events: list('events', event, limit.events) }),
  'notes?': ids, 'holidays?': list('holidays', string('a holiday'), limit.holidays),
  'needs?': object({ 'functions?': list('functions', functionOf, limit.functions), 'formats?': list('formats', id, limit.formats) }),
  conditions: list('conditions', condition),
});
