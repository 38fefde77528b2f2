// Replay: from lines to a state, or to the first entry that cannot be there.
import { digest } from './archive.js';
import { parseObject } from './encoding.js';
import { payloadOf, publicKey, verify } from './keys.js';
import { expireInvites, ops } from './ops.js';
import { key, same, State } from './state.js';
import { demand, Refusal } from './refuse.js';
import { atWrites, Template } from './template.js';

class Change extends State { // a state with the entry that is being applied
  constructor(template, templateDigest) {
    super(template);
    this.templateDigest = templateDigest;
  }

  begin(e) {
    const last = e.ops[e.ops.length - 1];
    const held = new Set(e.ops.filter((op) => op.op === 'write').map(key).filter((k) => this.places.has(k) && this.isHeld(this.places.get(k))));
    Object.assign(this, { author: null, joined: null, written: [], held, attests: false, rekeyed: false, shared: [], sealed: [], wordsNow: new Map(), firing: last.op === 'fire' ? last.event : null });
  }

  header(r, author) { return { tray: this.tray, kind: 'section', name: r.section, instance: r.instance, revision: r.revision, author }; }
}

export async function replay(archive) {
  const template = new Template(archive.template);
  const c = new Change(template, digest(archive.template));
  for (const line of archive.lines) {
    try {
      await apply(c, line);
    } catch (err) {
      if (err instanceof Refusal) err.message = `entry ${c.length}: ${err.message}`;
      throw err;
    }
  }
  return c;
}

async function apply(c, line) {
  const e = parseObject('entry', payloadOf('entry', line));
  await publicKey(e.key, 'key');
  await verify(line, e.key, 'forged');
  const hash = digest(line);
  demand(e.seq === c.length && e.prev === c.hash && e.tray === c.tray, 'chain', 'the entry does not follow the last one');
  const now = Date.parse(e.time);
  demand(c.now === undefined || now >= c.now, 'time', 'the entry is older than the one before it');
  c.now = now;
  c.begin(e);
  expireInvites(c);
  const joining = e.ops[0].op === 'join';
  if (e.seq > 0 && !joining) {
    const p = c.people.get(e.author);
    demand(p && p.roles.length > 0, 'author', 'the author is no participant');
    demand(p.key === e.key, 'key', "not the author's present key");
    c.author = e.author;
  }
  for (const [i, op] of e.ops.entries()) {
    demand((op.op === 'create') === (e.seq === 0 && i === 0), 'order', 'create is the first op of the first entry');
    demand(e.seq > 0 || i === 0 || op.op === 'admit', 'order', 'the first entry creates and admits, no more');
    demand((op.op === 'join') === (joining && i === 0) && (!joining || i === 0 || op.op === 'share'), 'order', 'a join is followed by shares, no more');
    demand(op.op !== 'fire' || i === e.ops.length - 1, 'order', 'fire is the last op');
    demand(op.op === 'fire' || !c.attests, 'order', 'an attestation is followed by fire alone');
    await ops[op.op](c, op, e);
  }
  finish(c);
  if (e.seq === 0) c.tray = hash;
  c.hash = hash;
  c.length++;
}

// finish checks what can be told only when the whole entry is in.
function finish(c) {
  demand(c.author, 'author', 'the creator is not among those admitted');
  for (const p of c.written) {
    const at = c.places.get(key(p));
    if (at.content) continue;
    const readers = c.readers(p);
    demand(readers.length > 0 && same(readers, at.files[0].to), 'readers', `${p.section} is not sealed to exactly its readers`);
  }
  for (const cond of c.template.conditions.values()) {
    if (!atWrites(cond)) continue;
    for (const p of c.written) {
      const { before } = c.places.get(key(p));
      if (!before || !cond.sections.includes(p.section)) continue;
      if (cond.attest && !c.held.has(key(p))) continue;
      for (const instance of p.instance ? [p.instance] : c.instances(cond.sections)) {
        demand(c.word(cond.condition, instance, c.wordsNow)?.outcome === 'pass', 'blocked', `${cond.condition} is due at every write`);
      }
    }
  }
  for (const sh of c.shared) {
    for (const id of sh.to) {
      const who = c.people.get(id) ?? c.invites.get(id);
      demand(who && c.mayRead(sh, who.id, who.roles), 'readers', 'shared to somebody who does not read it');
    }
  }
  for (const x of c.sealed) {
    demand(same(c.audience(c.author, x.named, x.own), x.to), 'readers', 'a text is not sealed to exactly its readers');
  }
}
