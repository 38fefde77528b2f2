// Contents: their one encoding, the commitment, and the age files that they are
// sealed in: SPEC.md, "Contents", "The commitment" and "Files".
import { createHmac } from 'node:crypto';
import { Decrypter } from 'age-encryption';
import { digest, sha256 } from './archive.js';
import { demand, refuse, Refusal } from './refuse.js';

const malformed = (holds, what) => demand(holds, 'malformed', what);

export const spelled = { // the canonical strings of scalars
  text: (f, v) => v !== '' && !/[\p{Cc}]/u.test(v.replace(/[\n\t]/g, '')) && [...v].length <= Number(f.max),
  choice: (f, v) => f.choices.some((c) => c.name === v),
  decimal: (f, v) => isAmount(v, f.scale),
  money: (f, v) => /^[^ ]+ [A-Z]{3}$/.test(v) && isAmount(v.slice(0, -4), f.scale ?? 0) && (f.currencies ?? [v.slice(-3)]).includes(v.slice(-3)),
  date: (f, v) => /^(?!0000)\d{4}-\d\d-\d\d$/.test(v) && isCalendar(`${v}T00:00:00`),
  datetime: (f, v) => {
    const m = /^((?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(v);
    if (!m || !isCalendar(m[1]) || /[+-]00:00$/.test(v)) return false;
    const year = new Date(Date.parse(v)).getUTCFullYear();
    return year >= 1 && year <= 9999;
  },
  duration: (f, v) => seconds(v) <= 100000 * 86400,
};
const isAmount = (v, scale) => new RegExp(`^-?(0|[1-9]\\d*)${scale > 0 ? `\\.\\d{${scale}}` : ''}$`).test(v) && v.replace(/\D/g, '').length <= 30 && !/^-[0.]*$/.test(v);

// seconds gives how long a duration is, in its one spelling; undefined if it is none.
export function seconds(v) {
  if (v === '0s') return 0;
  const m = /^(?:([1-9]\d*)d)?(?:([1-9]\d?)h)?(?:([1-9]\d?)m)?(?:([1-9]\d?)s)?$/.exec(v);
  if (!m || v === '') return undefined;
  const [days, h, min, s] = m.slice(1).map((x) => Number(x ?? 0));
  return h < 24 && min < 60 && s < 60 ? days * 86400 + h * 3600 + min * 60 + s : undefined;
}

// amount gives a decimal of so many decimals or fewer, in units of its last one;
// undefined if it is none.
export function amount(v, scale) {
  const decimals = (/\.(\d+)$/.exec(v) ?? ['', ''])[1];
  if (decimals.length > scale || !isAmount(v, decimals.length)) return undefined;
  return BigInt(v.replace('.', '') + '0'.repeat(scale - decimals.length));
}
const isCalendar = (v) => !Number.isNaN(Date.parse(`${v}Z`)) && new Date(`${v}Z`).toISOString() === `${v}.000Z`;

// encode writes a value of a field, or refuses it.
function encode(f, v) {
  switch (f.type) {
    case 'boolean':
      malformed(typeof v === 'boolean', 'a boolean');
      return String(v);
    case 'integer':
      malformed(Number.isSafeInteger(v), 'an integer');
      return String(v);
    case 'list':
      malformed(Array.isArray(v) && v.length <= Number(f.max), 'a list');
      return `[${v.map((x) => encode(f.of, x)).join(',')}]`;
    case 'record':
      return encodeFields(f.fields, v);
  }
  malformed(typeof v === 'string' && v.isWellFormed() && spelled[f.type]?.(f, v), `a ${f.type}`);
  return JSON.stringify(v);
}

function encodeFields(fields, v) {
  malformed(v !== null && typeof v === 'object' && !Array.isArray(v), 'a record');
  return `{${fields.filter((f) => Object.hasOwn(v, f.name)).map((f) => `"${f.name}":${encode(f, v[f.name])}`).join(',')}}`;
}

const forms = { tray: /^[0-9a-f]{64}$/, kind: /^(section|note|reason)$/, name: /^[A-Za-z0-9_-]{1,64}$/, instance: /^[A-Za-z0-9_-]{1,64}$/, author: /^[A-Za-z0-9_-]{1,64}$/ };

function encodeHeader(h) {
  const out = [];
  for (const name of ['tray', 'kind', 'name', 'instance', 'revision', 'author']) {
    if (!Object.hasOwn(h, name)) { malformed(name === 'instance' || (name === 'revision' && h.kind !== 'section'), `header.${name}`); continue; }
    if (name === 'revision') malformed(Number.isSafeInteger(h.revision) && h.revision > 0 && h.kind === 'section', 'header.revision');
    else malformed(typeof h[name] === 'string' && forms[name].test(h[name]), `header.${name}`);
    out.push(`"${name}":${JSON.stringify(h[name])}`);
  }
  return `{${out.join(',')}}`;
}

// parseRevision reads the plaintext of a revision, and nothing but its one encoding.
export function parseRevision(fields, plain) {
  malformed(plain.length <= 1 << 20, 'a content is too long');
  let text, r;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain);
    r = JSON.parse(text);
  } catch { refuse('malformed', 'a content is no JSON'); }
  malformed(r !== null && typeof r === 'object' && r.header !== null && typeof r.header === 'object', 'a content');
  malformed(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(r.salt), 'a salt');
  malformed(`{"header":${encodeHeader(r.header)},"salt":"${r.salt}","fields":${encodeFields(fields, r.fields)}}` === text, 'not the one encoding of a content');
  return r;
}

export const sameHeader = (a, b) => ['tray', 'kind', 'name', 'instance', 'revision', 'author'].every((m) => a[m] === b[m]);

const lp = (...parts) => Buffer.concat(parts.flatMap((x) => {
  const b = Buffer.from(x), n = Buffer.alloc(8);
  n.writeBigUInt64BE(BigInt(b.length));
  return [n, b];
}));

// rootOf computes the commitment: a tree of RFC 6962 over header and fields.
export function rootOf(fields, r) {
  const h = r.header, salt = Buffer.from(r.salt, 'base64url');
  const leaves = [lp('vassoio/v1/header', h.tray, h.kind, h.name, h.instance ?? '', String(h.revision ?? 0), h.author)];
  for (const f of fields) {
    const own = createHmac('sha256', salt).update(lp('vassoio/v1/salt', f.name)).digest();
    const present = Object.hasOwn(r.fields, f.name);
    const value = present ? encode(f, r.fields[f.name]) : '';
    leaves.push(Buffer.concat([lp('vassoio/v1/field', h.name, f.name, own), Buffer.from([present ? 1 : 0]), lp(value)]));
  }
  return tree(leaves).toString('hex');
}

function tree(leaves) {
  if (leaves.length === 1) return sha256(Buffer.from([0]), leaves[0]);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.from([1]), tree(leaves.slice(0, k)), tree(leaves.slice(k)));
}

function padded(n) {
  if (n <= 256) return 256;
  const e = Math.floor(Math.log2(n)), s = Math.floor(Math.log2(e)) + 1, step = 2 ** (e - s);
  return Math.ceil(n / step) * step;
}

const kinds = {
  pq: [/^-> mlkem768x25519 ([A-Za-z0-9+/]{1494})$/],
  classic: [/^-> X25519 ([A-Za-z0-9+/]{43})$/, /^-> ssh-ed25519 ([A-Za-z0-9+/]{6}) ([A-Za-z0-9+/]{43})$/],
};
const one = (text) => Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text;

// inspect checks the header of an age file: as many stanzas as readers, each of
// the suite and in one spelling.
function inspect(blob, suite, readers) {
  const head = blob.toString('latin1', 0, blob.indexOf('\n--- ') + 1).split('\n');
  demand(head[0] === 'age-encryption.org/v1' && head.length === 2 * readers + 2, 'contradicting', 'not an age file to as many readers');
  for (let i = 1; i < head.length - 1; i += 2) {
    const match = kinds[suite].map((k) => k.exec(head[i])).find((m) => m);
    demand(match && match.slice(1).every(one) && /^[A-Za-z0-9+/]{43}$/.test(head[i + 1]) && one(head[i + 1]), 'contradicting', 'a stanza that is not of the suite');
  }
}

// at makes an identity that unwraps the stanza at one place only. age-encryption
// tries all stanzas, and exports no identities: what a Decrypter keeps is one.
function at(place, secret) {
  const d = new Decrypter();
  d.addIdentity(secret);
  const [identity] = d.identities;
  return { unwrapFileKey: (stanzas) => identity.unwrapFileKey([stanzas[place]]) };
}

// open opens a file as one of those in its "to", and releases nothing that is
// not what the log says. It gives a status and, if it is "readable", fields.
export async function open(archive, suite, file, me, secrets, fields, header, root) {
  const blob = archive.blobs.get(file.blob);
  if (!blob || blob.length !== file.size || digest(blob) !== file.blob) return { status: 'missing' };
  try {
    inspect(blob, suite, file.to.length);
    const decrypter = new Decrypter();
    for (const s of secrets) decrypter.addIdentity(at(file.to.indexOf(me), s));
    let plain;
    try {
      plain = Buffer.from(await decrypter.decrypt(blob));
    } catch (err) {
      return { status: /no identity matched/.test(err.message) ? 'unreadable' : 'contradicting' };
    }
    let n = plain.length;
    while (n > 0 && plain[n - 1] === 32) n--;
    demand(n > 0 && plain.length === padded(n), 'contradicting', 'padding');
    const r = parseRevision(fields, plain.subarray(0, n));
    demand(sameHeader(r.header, header), 'contradicting', 'the header is of another place');
    if (root) demand(rootOf(fields, r) === root, 'contradicting', 'root');
    return { status: 'readable', fields: r.fields };
  } catch (err) {
    if (err instanceof Refusal) return { status: 'contradicting' };
    throw err;
  }
}
