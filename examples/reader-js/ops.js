// What each op may do and does: SPEC.md, "Rules". The labels are the rules'.
import { digest } from './archive.js';
import { parseObject } from './encoding.js';
import { payloadOf, publicKey, recipient, thumbprint, verify } from './keys.js';
import { parseRevision, rootOf, sameHeader } from './content.js';
import { key, same } from './state.js';
import { demand, refuse, Refusal } from './refuse.js';
import { atWrites } from './template.js';

const maxParticipants = 1000, maxInstances = 100, maxInvites = 32, maxInviteTime = 366 * 86400e3, maxBlob = 4 << 20;

// as refuses with one code, whatever was wrong with what is inside.
async function as(code, check) {
  try { return await check(); } catch (err) { if (err instanceof Refusal) refuse(code, err.message); throw err; }
}

async function card(c, jws) { // card-1, card-2
  return as('card', async () => {
    const k = parseObject('card', payloadOf('card', jws));
    await publicKey(k.key, 'card');
    await verify(jws, k.key, 'card');
    const text = c.suite === 'pq' ? k.pq : k.classic;
    demand(text !== undefined, 'card', 'no recipient for the suite');
    return { key: k.key, recipient: await recipient(c.suite, text, 'card') };
  });
}

function roles(c, list) { // roles-1
  demand(list?.length > 0 && same(c.template.inOrder(list), list), 'unknown', 'roles are those of the template, in its order, each once');
}

const managing = (c, list) => demand(c.manages(c.author, list), 'right', 'the author does not manage these roles');

function succeeds(c, id) {
  demand(!id || (c.people.has(id) && c.ended(id)), 'unknown', 'only somebody whose part has ended can be succeeded');
}

// taken: the key was a participant's, or is that of an open invite.
const taken = (c, k) => { const id = c.keys.get(k); return c.people.has(id) || c.invites.has(id); };

function enter(c, { key: k, recipient: r }, list, successor) { // enter-1, enter-3
  demand(!taken(c, k), 'key', 'the key was used before');
  succeeds(c, successor);
  const id = thumbprint(k);
  c.people.set(id, { id, roles: list, key: k, recipient: r, keyed: 0 });
  c.keys.set(k, id);
  return id;
}

// crowded refuses more participants than there can be, and more instances of a section
// than entries have room for.
function crowded(c, list) { // enter-2, enter-4
  const there = [...c.people.values()].filter((p) => p.roles.length > 0);
  demand(there.length + c.invites.size <= maxParticipants, 'limit', 'too many participants');
  for (const { per } of c.template.sections.values()) {
    if (!per?.some((r) => list.includes(r))) continue;
    const invited = [...c.invites.values()].filter((inv) => inv.roles.some((r) => per.includes(r)));
    demand(c.in(per).length + invited.length <= maxInstances, 'limit', 'too many instances of a section');
  }
}

function closeInvite(c, id) {
  for (const blob of c.invites.get(id).files) c.dropped.add(blob);
  c.invites.delete(id);
}

export function expireInvites(c) {
  for (const [id, inv] of c.invites) if (c.now >= inv.expires) closeInvite(c, id);
}

function introduce(c, f) { // blob-1
  demand(!c.blobs.has(f.blob), 'blob', 'the blob was introduced before');
  demand(f.size > 0 && f.size <= maxBlob, 'blob', 'a blob of this size cannot be');
  c.blobs.add(f.blob);
}

// sealedTo notes a file for participants, who have come in by then.
function sealedTo(c, f) { // blob-2
  demand((f.to ?? []).every((id) => c.people.has(id)), 'readers', 'a file for somebody who has not come in yet');
  introduce(c, f);
}

const fileOf = (c, op) => {
  const to = op.to ?? [];
  return { blob: op.blob, size: op.size, to, by: c.author, keyed: to.map((id) => c.people.get(id)?.keyed ?? -1) };
};
function seal(c, op, kind, seq, named, own) {
  sealedTo(c, op);
  c.sealed.push({ to: op.to ?? [], named, own });
  c.texts.push({ kind, id: op.id, seq, author: c.author, file: fileOf(c, op) });
}

const acts = (c, role, allowed) => demand(allowed.includes(role) && c.has(c.author, [role]), 'right', 'this is for another role');

export const ops = {
  create(c, op) {
    demand(op.format === 'vassoio/1', 'unsupported', 'a log of another format');
    demand(op.template === c.templateDigest, 'root', 'the tray is kept by another template');
    demand(op.suite === 'pq' || op.suite === 'classic', 'unsupported', 'an unknown suite');
    c.suite = op.suite;
  },

  async admit(c, op, e) {
    roles(c, op.roles);
    if (e.seq > 0) managing(c, op.roles);
    const k = await card(c, op.card);
    const p = c.people.get(c.keys.get(k.key));
    if (p) {
      demand(p.key === k.key && p.recipient === k.recipient && !op.succeeds && !op.roles.some((r) => p.roles.includes(r)), 'card',
        'who is known is admitted to roles that he does not have, by his last card');
      p.roles = c.template.inOrder([...p.roles, ...op.roles]);
      crowded(c, op.roles);
      return;
    }
    const id = enter(c, k, op.roles, op.succeeds);
    crowded(c, op.roles);
    if (e.seq === 0 && id === e.author && k.key === e.key) c.author = id;
  },

  async invite(c, op) {
    roles(c, op.roles);
    managing(c, op.roles);
    await publicKey(op.key, 'key');
    demand(!c.keys.has(op.key), 'key', 'the key was used before');
    await recipient(c.suite, op.recipient, 'invite');
    succeeds(c, op.succeeds);
    const expires = Date.parse(op.expires);
    demand(expires > c.now && expires - c.now <= maxInviteTime, 'invite', 'an invite is good for some time, and not for ever');
    demand(c.invites.size < maxInvites, 'limit', 'too many open invites');
    const id = thumbprint(op.key);
    c.keys.set(op.key, id);
    c.invites.set(id, { by: c.author, key: op.key, roles: op.roles, expires, succeeds: op.succeeds, files: [] });
    crowded(c, op.roles);
  },

  withdraw(c, op) {
    demand(c.invites.has(op.invite), 'invite', 'no open invite of this id');
    managing(c, c.invites.get(op.invite).roles);
    closeInvite(c, op.invite);
  },

  async join(c, op, e) {
    const inv = c.invites.get(op.invite);
    demand(inv, 'invite', 'no open invite of this id');
    const claim = await as('invite', async () => {
      const payload = payloadOf('claim', op.claim);
      await verify(op.claim, inv.key, 'invite');
      return parseObject('claim', payload);
    });
    demand(claim.tray === c.tray && claim.invite === op.invite && claim.card === digest(op.card), 'invite', 'the claim is for another tray, invite or card');
    const k = await card(c, op.card);
    demand(k.key === e.key && thumbprint(k.key) === e.author, 'key', 'a join is signed by the key that joins');
    c.author = enter(c, k, inv.roles, inv.succeeds);
    c.joined = inv;
    closeInvite(c, op.invite);
  },

  dismiss(c, op) {
    const p = c.people.get(op.participant);
    demand(p, 'unknown', 'no participant of this id');
    roles(c, op.roles);
    demand(op.roles.every((r) => p.roles.includes(r)), 'unknown', 'the participant does not have these roles');
    managing(c, op.roles);
    p.roles = p.roles.filter((r) => !op.roles.includes(r));
    for (const [id, inv] of c.invites) if (inv.by === p.id && !c.manages(p.id, inv.roles)) closeInvite(c, id);
    for (const s of c.signatures.values()) if (s.by === p.id && op.roles.includes(s.role)) s.ended = true;
  },

  async rekey(c, op) {
    const k = await card(c, op.card);
    demand(!taken(c, k.key), 'key', 'the key was used before');
    demand(!c.rekeyed, 'order', 'an entry replaces keys once');
    c.rekeyed = true;
    const p = c.people.get(c.author);
    Object.assign(p, k, { keyed: p.keyed + 1 });
    c.keys.set(k.key, p.id);
  },

  write(c, op, e) {
    demand(c.isPlace(op), 'unknown', 'no such section or instance');
    demand(c.mayWrite(op, c.author), c.couldWrite(op, c.author) ? 'state' : 'right', `the author may not write ${op.section} now`);
    demand(!c.written.some((p) => key(p) === key(op)), 'order', 'a section is written twice');
    const before = c.places.get(key(op));
    demand(op.revision === (before?.number ?? 0) + 1, 'revision', 'not the next revision');
    demand(op.root, 'root', 'a revision without root');
    const section = c.template.sections.get(op.section);
    demand((section.public === true) === Object.hasOwn(op, 'public'), 'root', 'a public section stands in the log, an opaque one does not');
    const at = { number: op.revision, root: op.root, author: c.author, seq: e.seq, files: [], unreadable: new Set(), before };
    if (section.public) {
      const plain = Buffer.from(op.public, 'base64url');
      demand(plain.toString('base64url') === op.public, 'malformed', 'not the one spelling of base64url');
      const rev = parseRevision(section.fields, plain);
      demand(sameHeader(rev.header, c.header(op, c.author)), 'root', 'the content is bound to another place');
      demand(rootOf(section.fields, rev) === op.root, 'root', 'the content is not what its root says');
      at.content = rev.fields;
    } else {
      sealedTo(c, op);
      at.files.push(fileOf(c, op));
    }
    c.written.push({ section: op.section, instance: op.instance });
    c.places.set(key(op), at);
  },

  share(c, op) {
    const at = c.places.get(key(op));
    demand(at && !at.content && c.isPlace(op), 'unknown', 'nothing to share');
    demand(op.revision === at.number, 'revision', 'not the present revision');
    let had = at.author === c.author || at.files.some((f) => f.keyed[f.to.indexOf(c.author)] >= 0);
    const to = op.to ?? [];
    if (c.joined) {
      had = at.files.some((f) => c.joined.files.includes(f.blob));
      demand(same(to, [c.author]), 'readers', 'a newcomer shares to himself alone');
    }
    demand(had, 'right', 'the author has no file to share');
    demand(to.length > 0, 'readers', 'a share to nobody');
    to.forEach((id, i) => {
      const invited = c.invites.has(id);
      demand(to.indexOf(id) === i && (!invited || to.length === 1), 'readers', 'a share names each reader once, and an invite alone');
      demand(c.people.has(id) || invited, 'unknown', 'a share to somebody who is not there');
      demand(!c.holds(at, id), 'readers', 'a share to somebody who has a file');
      demand(id !== c.author || !at.unreadable.has(id), 'readers', 'who cannot read cannot share to himself');
    });
    introduce(c, op);
    at.files.push(fileOf(c, op));
    for (const id of to) {
      at.unreadable.delete(id);
      c.invites.get(id)?.files.push(op.blob);
    }
    c.shared.push(op);
  },

  unreadable(c, op) {
    const at = c.places.get(key(op));
    demand(at && c.holds(at, c.author), 'unknown', 'no file is sealed to the author');
    demand(op.revision === at.number, 'revision', 'not the present revision');
    at.unreadable.add(c.author);
  },

  attest(c, op, e) {
    c.attests = true;
    demand(!c.final(), 'state', 'nothing is attested in a final state');
    const list = op.outcomes ?? [], read = new Map();
    const rank = (o) => [c.template.conditions.get(o.condition)?.index ?? -1, c.order(o.instance)];
    list.forEach((o, i) => {
      if (i > 0) {
        const [a, b] = rank(list[i - 1]), [x, y] = rank(o);
        demand(a < x || (a === x && b < y), 'order', 'attested conditions stand in order, each once');
      }
      const cond = c.template.conditions.get(o.condition);
      demand(cond?.attest || (cond && atWrites(cond)), 'unknown', 'no condition that can be attested');
      const sections = cond.sections ?? [];
      demand(c.instances(sections).includes(o.instance), 'unknown', 'a condition of this instance');
      const places = c.placesOf(sections, o.instance), momentary = cond.facts || !cond.attest;
      const written = (p) => c.written.some((w) => key(w) === key(p));
      const used = (cond.attest && cond.events?.includes(c.firing)) || (atWrites(cond) && places.some(written));
      demand(!momentary || used, 'attestation', 'what depends on the moment is attested where it is used');
      const asWriter = cond.writer && places.some((p) => !c.template.sections.get(p.section).public && written(p));
      const asReader = c.has(c.author, cond.attest ?? []) && places.every((p) => c.canRead(p, c.author) || written(p));
      if (!cond.attest) c.taken.push({ seq: e.seq, condition: o.condition, outcome: o.outcome }); // public: CEL could tell, the log says
      else demand(asWriter || asReader, 'attestation', `the author's word does not count on ${o.condition}`);
      const word = { by: c.author, seq: e.seq, outcome: o.outcome, engine: op.engine, on: places.map((p) => c.present(p)) };
      (momentary ? c.wordsNow : c.words).set(`${o.condition}/${o.instance ?? ''}`, word);
      for (const p of places) read.set(key(p), p);
    });
    const sorted = [...read.values()].sort((a, b) => c.template.sections.get(a.section).index - c.template.sections.get(b.section).index
      || c.order(a.instance) - c.order(b.instance));
    demand(list.length > 0 && same(op.on ?? [], sorted.map((p) => c.present(p))), 'attestation', 'an attestation names what its conditions read');
  },

  sign(c, op, e) {
    const sig = c.template.signatures.get(op.signature);
    demand(sig, 'unknown', 'no such signature');
    acts(c, op.role, [sig.by]);
    demand(!c.final(), 'state', 'nothing is signed in a final state');
    demand(Object.hasOwn(sig.declare, op.language) && digest(sig.declare[op.language]) === op.declaration, 'signature', 'not the declaration');
    const covers = c.covers(sig, c.author);
    demand(same(op.covers ?? [], covers), 'signature', 'not exactly the present revisions');
    demand(sig.blind || covers.every((r) => c.canRead(r, c.author)), 'signature', 'the signer does not read what he signs');
    c.signatures.set(`${op.signature}/${c.author}`, { name: op.signature, by: c.author, role: op.role, language: op.language, covers, seq: e.seq });
  },

  fire(c, op, e) {
    const ev = c.template.events.get(op.event);
    demand(ev, 'unknown', 'no such event');
    demand(ev.from.includes(c.name), 'state', `${op.event} does not lead on from ${c.name}`);
    acts(c, op.role, ev.by);
    demand(op.from === c.name && op.to === ev.to, 'state', 'not where the event leads');
    const given = op.outcomes ?? [], due = [];
    for (const cond of c.template.needs(op.event)) {
      for (const instance of c.instances(cond.sections ?? [], c.author, op.role)) {
        const o = { condition: cond.condition };
        if (instance) o.instance = instance;
        o.outcome = 'unknown';
        if (cond.attest) o.outcome = c.word(cond.condition, instance, c.wordsNow)?.outcome ?? 'unknown';
        else { // public: CEL could tell, the log says
          o.outcome = given[due.length]?.outcome;
          c.taken.push({ seq: e.seq, condition: cond.condition, outcome: o.outcome });
        }
        due.push(o);
      }
    }
    demand(same(given, due), 'outcome', 'the outcomes do not follow from the log');
    for (const o of due) {
      const [kind, name] = o.condition.split('.');
      const done = kind === 'required' ? o.outcome !== 'unknown' && o.outcome !== 'error' || c.given(c.template.signatures.get(name), o.instance) : o.outcome === 'pass';
      demand(done, 'blocked', `${o.condition} is ${o.outcome}`);
    }
    for (const name of ev.signed ?? []) {
      const sig = c.template.signatures.get(name);
      const missing = due.some((o) => o.condition === `required.${name}` && o.outcome === 'pass' && !c.given(sig, o.instance));
      demand(!missing && (!sig.required || c.complete(sig)), 'blocked', `signature ${name} is missing`);
    }
    demand(!ev.reason?.required || op.reason, 'reason', 'the event asks for a reason');
    demand(ev.reason || !op.reason, 'reason', 'the event asks for no reason');
    if (op.reason) seal(c, op.reason, 'reason', e.seq, ev.reason.read, [op.role]);
    c.name = ev.to;
  },

  note(c, op, e) { seal(c, op, 'note', e.seq, c.template.notes, c.people.get(c.author).roles); },
};
