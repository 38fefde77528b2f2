// The one ZIP that a .tray file can be: SPEC.md, "The file".
import { crc32 } from 'node:zlib';
import { createHash } from 'node:crypto';
import { demand } from './refuse.js';

const maxLine = 1 << 20, maxBlob = 4 << 20, maxFiles = 65534;

export const sha256 = (...parts) => {
  const h = createHash('sha256');
  for (const p of parts) h.update(p);
  return h.digest();
};
export const digest = (bytes) => sha256(bytes).toString('hex');

// header is what local header and directory say alike, behind the signature.
function header(f) {
  const b = Buffer.alloc(26);
  b.writeUInt16LE(10, 0); // version needed
  b.writeUInt16LE(33, 8); // 1 January 1980; flags, method and time are zero
  b.writeUInt32LE(f.crc, 10);
  b.writeUInt32LE(f.size, 14);
  b.writeUInt32LE(f.size, 18);
  b.writeUInt16LE(f.name.length, 22);
  return b;
}

const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const u16 = (n) => { const b = Buffer.alloc(2); b.writeUInt16LE(n); return b; };

// write gives the archive of files, the one that is accepted.
function write(files) {
  const out = [], directory = [];
  let at = 0;
  for (const f of files) {
    const h = header(f);
    out.push(Buffer.from('PK\x03\x04'), h, f.name, f.data);
    directory.push(Buffer.from('PK\x01\x02'), u16(10), h, Buffer.alloc(10), u32(at), f.name);
    at += 30 + f.name.length + f.size;
  }
  const tail = Buffer.concat(directory);
  return Buffer.concat([...out, tail, Buffer.from('PK\x05\x06'), u32(0), u16(files.length), u16(files.length),
    u32(tail.length), u32(at), u16(0)]);
}

// readArchive takes an archive apart by its local headers, writes it again and
// compares: nothing that a ZIP could hide is the same after that.
export function readArchive(file) {
  const files = [];
  let at = 0;
  while (file.length >= at + 30 && file.toString('latin1', at, at + 4) === 'PK\x03\x04') {
    const size = file.readUInt32LE(at + 22), start = at + 30 + file.readUInt16LE(at + 26);
    demand(start + size <= file.length && files.length < maxFiles, 'malformed', 'the archive is cut short');
    const data = file.subarray(start, start + size);
    files.push({ name: file.subarray(at + 30, start), data, size, crc: crc32(data) });
    at = start + size;
  }
  demand(write(files).equals(file), 'malformed', 'not the one encoding of an archive');

  const names = files.map((f) => f.name.toString('latin1'));
  const n = files.length;
  demand(n >= 3 && names[0] === 'mimetype' && names[n - 2] === 'log' && names[n - 1] === 'template.json', 'malformed', 'not the files of a tray');
  demand(files[0].data.toString('latin1') === 'application/vnd.vassoio.tray+zip', 'malformed', 'not the type of a tray');
  const blobs = new Map();
  for (let i = 1; i < n - 2; i++) {
    demand(/^blobs\/[0-9a-f]{64}$/.test(names[i]) && (i === 1 || names[i - 1] < names[i]), 'malformed', 'blobs are named by digest, in order');
    demand(files[i].size <= maxBlob && `blobs/${digest(files[i].data)}` === names[i], 'malformed', 'a blob is not what its name says');
    blobs.set(names[i].slice(6), files[i].data);
  }
  demand(files[n - 1].size <= maxBlob, 'malformed', 'the template is too large');
  const log = files[n - 2].data;
  demand(log.length > 0 && log[log.length - 1] === 10, 'malformed', 'the log does not end in a newline');
  const lines = log.toString('latin1', 0, log.length - 1).split('\n');
  demand(lines.every((l) => l.length > 0 && l.length <= maxLine), 'malformed', 'a line is empty or too long');
  return { blobs, lines, template: files[n - 1].data };
}
