// Runs the reader over the files that the Go tests write for it: those that
// verify must say what they say in Go, the others must be refused, by the same
// code where readers must agree on one.
//
//	npm test                 has Go write the files into a temporary folder
//	node test.js FOLDER      takes those that are there
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { read, readKeys } from './reader.js';
import { Refusal } from './refuse.js';

const here = fileURLToPath(new URL('.', import.meta.url));
let folder = process.argv[2];
if (!folder) {
  folder = mkdtempSync(join(tmpdir(), 'vassoio-reader-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync('go', ['test', '-count=1', '-run', '^TestReaderFiles$', './tray'],
    { cwd: join(here, '..', '..'), env: { ...process.env, VASSOIO_READER_FILES: folder }, stdio: ['ignore', 'inherit', 'inherit'] });
}

// shown gives of the reader's report what Go's has.
function shown(r) {
  const list = (things, members) => things.map((t) => Object.fromEntries(members.filter((m) => t[m] !== undefined).map((m) => [m, t[m]])));
  return {
    head: r.head, suite: r.suite, state: r.state,
    sections: list(r.sections, ['section', 'instance', 'revision', 'status', 'by', 'fields']),
    texts: r.texts.map((x) => ({ kind: x.kind, id: x.id, seq: x.seq, author: x.author, status: x.status, ...x.fields && { text: x.fields.text } })),
    conditions: list(r.conditions, ['condition', 'instance', 'public', 'outcome', 'by']),
    signatures: list(r.signatures, ['name', 'participant', 'fresh']),
  };
}

async function check(c) {
  const file = readFileSync(join(folder, c.file));
  const keys = c.key && readKeys(readFileSync(join(folder, c.key), 'utf8'));
  let r;
  try {
    r = await read(file, keys);
  } catch (err) {
    if (!(err instanceof Refusal)) throw err; // a bug of the reader, not its word
    assert(c.refused, `refused: ${err.message}`);
    if (c.code) assert.equal(err.code, c.code, err.message);
    return;
  }
  assert(!c.refused, 'not refused');
  const want = { ...c.report, texts: c.report.texts ?? [], conditions: c.report.conditions ?? [], signatures: c.report.signatures ?? [] };
  assert.deepEqual(shown(r), want);
}

const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
let passed = 0, failed = 0;
const test = async (name, run) => {
  try { await run(); passed++; } catch (err) { failed++; console.log(`FAILED ${name}: ${err.message}`); }
};
for (const c of cases) await test(`${c.name} (${c.file})`, () => check(c));

// The program itself: exit status and message.
const program = (...args) => spawnSync(process.execPath, [join(here, 'reader.js'), ...args], { encoding: 'utf8' });
const good = cases.find((c) => !c.refused), bad = cases.find((c) => c.refused);
await test('the program accepts', () => {
  const p = program(join(folder, good.file));
  assert.equal(p.status, 0, p.stderr);
  assert.match(p.stdout, /^verified: /);
});
await test('the program refuses', () => {
  const p = program(join(folder, bad.file));
  assert.equal(p.status, 1);
  assert.equal(p.stdout, '');
  assert.match(p.stderr, /^refused: /);
});
await test('the program fails without a file', () => assert.equal(program(join(folder, 'none.tray')).status, 1));

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || !cases.some((c) => c.refused) || !cases.some((c) => !c.refused) ? 1 : 0;
