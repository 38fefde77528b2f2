// A second reader of .tray files, written from SPEC.md alone.
//
//	node reader.js FILE.tray [KEYFILE]
//
// It verifies the log with every right and the lifecycle, prints state,
// signatures and attestations, and opens what the key file opens. A file that
// does not verify is refused, with exit status 1.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readArchive } from './archive.js';
import { open } from './content.js';
import { thumbprint } from './keys.js';
import { demand, refuse, Refusal } from './refuse.js';
import { replay } from './replay.js';
import { key } from './state.js';

const maxArchive = 256 << 20; // this reader keeps the whole file in memory

// readKeys reads an identity's file: a signing key and age identities.
function readKeys(text) {
  const lines = text.split('\n');
  const prefix = '# signing key (PKCS#8): ';
  const signing = lines.filter((l) => l.startsWith(prefix));
  demand(signing.length === 1, 'malformed', 'a key file has one signing key');
  let x;
  try {
    const secret = createPrivateKey({ key: Buffer.from(signing[0].slice(prefix.length), 'base64'), format: 'der', type: 'pkcs8' });
    x = createPublicKey(secret).export({ format: 'jwk' }).x;
  } catch { refuse('malformed', 'the signing key cannot be read'); }
  return { x, secrets: lines.filter((l) => /^AGE-SECRET-KEY-(PQ-)?1/.test(l)) };
}

const note = [{ name: 'text', type: 'text', max: '4000' }]; // what notes and reasons hold

// read verifies a file and gives what it says.
export async function read(file, keys) {
  demand(file.length <= maxArchive, 'malformed', 'the file is too long for this reader');
  const archive = readArchive(file);
  const s = await replay(archive);
  const kept = [...s.blobs].filter((b) => !s.dropped.has(b));
  demand([...archive.blobs.keys()].every((b) => kept.includes(b)), 'blob', 'the archive has blobs that the log does not call for');
  const me = keys && s.keys.get(keys.x);
  if (keys) demand(s.people.has(me), 'author', 'the key file is of no participant');

  const sections = [], conditions = [], signatures = [];
  for (const sec of s.template.sections.values()) {
    for (const instance of s.instances([sec.section])) {
      const p = { section: sec.section, instance }, at = s.places.get(key(p));
      sections.push({ section: sec.section, instance, revision: at?.number ?? 0, ...await content(archive, s, p, at, me, keys) });
    }
  }
  for (const c of s.template.conditions.values()) {
    for (const instance of s.instances(c.sections ?? [])) {
      const word = c.attest && s.word(c.condition, instance, new Map());
      conditions.push({ condition: c.condition, instance, public: !c.attest, outcome: word?.outcome ?? 'unknown', by: word?.by, seq: word?.seq });
    }
  }
  for (const sig of s.template.signatures.values()) {
    for (const id of s.people.keys()) {
      const got = s.signatures.get(`${sig.signature}/${id}`);
      if (got) signatures.push({ name: got.name, participant: id, role: got.role, seq: got.seq, fresh: s.fresh(got.name, id) });
    }
  }
  const texts = [];
  for (const { file: f, ...x } of s.texts) {
    const header = { tray: s.tray, kind: x.kind, name: x.id, author: x.author };
    texts.push({ ...x, ...f.to.includes(me) ? await open(archive, s.suite, f, me, keys.secrets, note, header) : { status: 'opaque' } });
  }
  return {
    head: `${s.tray}/${s.length}/${s.hash}`, template: s.template.name, suite: s.suite, state: s.name,
    participants: [...s.people.values()].map((x) => ({ id: x.id, roles: x.roles })),
    sections, texts, conditions, signatures, taken: s.taken, missing: kept.filter((b) => !archive.blobs.has(b)),
  };
}

// content tells what a place is to whoever has keys.
async function content(archive, s, p, at, me, keys) {
  if (!at) return { status: 'unwritten' };
  if (at.content) return { status: 'readable', fields: at.content };
  const sec = s.template.sections.get(p.section);
  let worst = { status: me && s.mayRead(p, me, s.people.get(me).roles) ? 'due' : 'opaque' };
  for (const f of at.files.toReversed()) {
    if (!(f.keyed[f.to.indexOf(me)] >= 0)) continue;
    const got = await open(archive, s.suite, f, me, keys.secrets, sec.fields, s.header({ ...p, revision: at.number }, at.author), at.root);
    if (got.status === 'readable') return got;
    if (!worst.by || (got.status === 'contradicting' && worst.status !== 'contradicting')) worst = { ...got, by: f.by };
  }
  return worst; // the latest file that contradicts the log, or else the latest
}

function print(r) {
  const of = (x) => (x.instance ? ` of ${x.instance}` : '');
  console.log(`verified: ${r.head}\ntemplate ${r.template}, suite ${r.suite}, state ${r.state}`);
  for (const x of r.participants) console.log(`participant ${x.id}: ${x.roles.join(', ') || 'ended'}`);
  for (const x of r.sections) {
    console.log(`section ${x.section}${of(x)}: revision ${x.revision}, ${x.status}${x.by ? `, by ${x.by}` : ''}`);
    if (x.fields) console.log(`  ${JSON.stringify(x.fields)}`);
  }
  for (const x of r.texts) {
    console.log(`${x.kind} ${x.id}: by ${x.author} in entry ${x.seq}, ${x.status}`);
    if (x.fields) console.log(`  ${JSON.stringify(x.fields.text)}`);
  }
  for (const x of r.signatures) console.log(`signature ${x.name}: ${x.participant} as ${x.role}, ${x.fresh ? 'fresh' : 'stale'}`);
  for (const x of r.conditions) {
    if (x.public) console.log(`condition ${x.condition}${of(x)}: public, not evaluated (no CEL here)`);
    else console.log(`condition ${x.condition}${of(x)}: ${x.outcome}${x.by ? `, attested by ${x.by} in entry ${x.seq}` : ''}`);
  }
  for (const x of r.taken) console.log(`entry ${x.seq}: ${x.condition} is ${x.outcome}, as recorded (no CEL here)`);
  for (const x of r.missing) console.log(`missing: blob ${x}`);
}

async function main(args) {
  if (args.length < 1 || args.length > 2) {
    console.error('usage: node reader.js FILE.tray [KEYFILE]');
    return 2;
  }
  try {
    demand(statSync(args[0]).size <= maxArchive, 'malformed', 'the file is too long for this reader');
    const keys = args[1] && readKeys(readFileSync(args[1], 'utf8'));
    print(await read(readFileSync(args[0]), keys));
    return 0;
  } catch (err) {
    console.error(err instanceof Refusal ? `refused: ${err.message}` : `failed: ${err.message}`);
    return 1;
  }
}

export { readKeys };

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main(process.argv.slice(2));
