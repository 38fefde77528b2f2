// The one JSON encoding of entries, cards and claims: SPEC.md, "Objects".
// A type is a function that writes a value, or refuses it. To read is to parse,
// to write again, and to compare: what is accepted is what would be written.
import { demand, refuse } from './refuse.js';

const text = (pattern, max = Infinity) => (v) => {
  demand(typeof v === 'string' && v.length <= max && /^[ !#-%'-;=?-\[\]-~]+$/.test(v) && pattern.test(v), 'malformed', 'a string that the format does not allow');
  return `"${v}"`;
};
const list = (of, max) => (v) => {
  demand(Array.isArray(v) && v.length > 0 && v.length <= max, 'malformed', 'a list that the format does not allow');
  return `[${v.map(of).join(',')}]`;
};
const object = (members) => (v) => {
  demand(v !== null && typeof v === 'object', 'malformed', 'an object is missing');
  const out = [];
  for (const [name, type] of Object.entries(members)) {
    const member = name.replace('?', '');
    if (Object.hasOwn(v, member)) out.push(`"${member}":${type(v[member])}`);
    else demand(name.endsWith('?'), 'malformed', `member ${member} is missing`);
  }
  return `{${out.join(',')}}`;
};

const any = text(/./);
const id = text(/^[a-z][a-z0-9_]*$/, 64);
const name = text(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/); // 32 bytes in base64url
const nonce = text(/^[0-9a-f]{32}$/);
const hash = text(/^[0-9a-f]{64}$/);
const someHash = text(/^(?!0{64})[0-9a-f]{64}$/);
const jws = text(/^(?=.*[^.])[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/);
const base64 = text(/^[A-Za-z0-9_-]+$/);
const language = text(/^[A-Za-z0-9-]+$/, 35);
const condition = text(/^[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}$/);
const verdict = text(/^(pass|fail|unknown|error)$/);
const number = (v) => {
  demand(Number.isSafeInteger(v) && v >= 0 && !Object.is(v, -0), 'malformed', 'a number that the format does not allow');
  return String(v);
};
const time = (v) => {
  demand(typeof v === 'string' && /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(v) && !Number.isNaN(Date.parse(v))
    && new Date(v).toISOString() === v.replace('Z', '.000Z'), 'malformed', 'not a time');
  return `"${v}"`;
};
const ids = (max) => list(id, max);

const file = { blob: hash, size: number, 'to?': list(name, 200) };
const place = { section: id, 'instance?': name };
const revision = { ...place, revision: number, 'root?': someHash };
const outcomes = list(object({ condition, 'instance?': name, outcome: verdict }), 1000);
const sealed = { id: nonce, ...file };

const ops = {
  create: { format: any, nonce, suite: id, template: hash },
  admit: { card: jws, 'roles?': ids(32), 'succeeds?': name },
  invite: { key: name, recipient: any, 'roles?': ids(32), expires: time, 'succeeds?': name },
  withdraw: { invite: name },
  join: { invite: name, card: jws, claim: jws },
  dismiss: { participant: name, 'roles?': ids(32) },
  rekey: { card: jws },
  write: { ...revision, ...file },
  share: { ...place, revision: number, ...file },
  unreadable: { ...place, revision: number },
  attest: { engine: any, 'on?': list(object(revision), 1000), 'outcomes?': outcomes },
  sign: { role: id, signature: id, language, declaration: hash, 'covers?': list(object(revision), 1000) },
  fire: { role: id, event: id, from: id, to: id, 'outcomes?': outcomes, 'reason?': object(sealed) },
  note: sealed,
};
const writePublic = { ...revision, public: base64 };

const op = (v) => {
  demand(v !== null && typeof v === 'object' && Object.hasOwn(ops, v.op), 'malformed', 'an unknown op');
  const members = v.op === 'write' && Object.hasOwn(v, 'public') ? writePublic : ops[v.op];
  return object({ op: id, ...members })(v);
};

const kinds = {
  entry: object({ 'tray?': someHash, seq: number, 'prev?': someHash, time, author: name, key: name, ops: list(op, 256) }),
  card: object({ key: name, 'pq?': any, 'classic?': any }),
  claim: object({ tray: hash, invite: name, card: hash }),
};

export function parseObject(kind, payload) {
  demand(payload.length <= 256 << 10, 'malformed', `a ${kind} is too long`);
  const source = payload.toString('latin1');
  let v;
  try { v = JSON.parse(source); } catch { refuse('malformed', `a ${kind} is no JSON`); }
  demand(kinds[kind](v) === source, 'malformed', `not the one encoding of a ${kind}`);
  if (kind === 'entry') {
    demand((v.seq === 0) === !v.tray && (v.seq === 0) === !v.prev, 'malformed', 'tray and prev stand in every entry but the first');
  }
  return v;
}
