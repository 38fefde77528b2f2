// Ed25519 keys, JWS lines and age recipients: SPEC.md, "Keys" and "Lines".
import { compactVerify, importJWK } from 'jose';
import { Encrypter } from 'age-encryption';
import { sha256 } from './archive.js';
import { demand, refuse } from './refuse.js';

// The curve, as RFC 8032 has it: WebCrypto does not tell which points it takes.
const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a) => ((a % p) + p) % p;
const pow = (b, e) => { let r = 1n; for (b = mod(b); e > 0n; e >>= 1n, b = b * b % p) if (e & 1n) r = r * b % p; return r; };
const inv = (a) => pow(a, p - 2n);
const d = mod(-121665n * inv(121666n));
const identity = [0n, 1n, 1n, 0n];

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) { // extended coordinates
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * d * t2), e = mod(2n * z1 * z2);
  const f = b - a, g = e - c, h = e + c, i = b + a;
  return [mod(f * g), mod(h * i), mod(g * h), mod(f * i)];
}
function times(n, q) { let r = identity; for (; n > 0n; n >>= 1n, q = add(q, q)) if (n & 1n) r = add(r, q); return r; }
const isIdentity = ([x, y, z]) => x === 0n && y === z;

// point decodes 32 bytes, or gives null. y may be p or more.
function point(raw) {
  let y = BigInt('0x' + Buffer.from(raw).reverse().toString('hex'));
  const sign = y >> 255n;
  y = mod(y & (2n ** 255n - 1n));
  const u = mod(y * y - 1n), v = mod(d * y * y + 1n);
  let x = mod(u * pow(v, 3n) * pow(u * pow(v, 7n), (p - 5n) / 8n));
  if (mod(v * x * x) !== u) x = mod(x * pow(2n, (p - 1n) / 4n));
  if (mod(v * x * x) !== u) return null;
  if ((x & 1n) !== sign) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}
function bytes([x, y, z]) {
  const i = inv(z), n = mod(y * i) | ((mod(x * i) & 1n) << 255n);
  return Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse();
}

const checked = new Map();

// publicKey checks a key: one spelling of a point of the prime-order group.
export async function publicKey(x, code) {
  if (!checked.has(x)) {
    const raw = Buffer.from(x, 'base64url');
    demand(raw.length === 32 && raw.toString('base64url') === x, code, 'not a public key');
    const q = point(raw);
    demand(q && bytes(q).equals(raw) && !isIdentity(q) && isIdentity(times(order, q)), code, 'not a sound Ed25519 key');
    checked.set(x, await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA'));
  }
  return checked.get(x);
}

// thumbprint is the id of a key (RFC 7638).
export const thumbprint = (x) => sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).toString('base64url');

// payloadOf takes a line apart: header and spelling are checked, nothing else.
export function payloadOf(kind, line) {
  const parts = line.split('.');
  const header = Buffer.from(`{"alg":"EdDSA","typ":"vassoio-${kind}+jws"}`).toString('base64url');
  const one = (text) => text.length > 0 && /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text;
  demand(parts.length === 3 && parts[0] === header && one(parts[1]) && one(parts[2]) && parts[2].length === 86, 'malformed', `not the one spelling of a ${kind}`);
  return Buffer.from(parts[1], 'base64url');
}

// verify checks the signature of a line by a key that was checked.
export async function verify(line, x, code) {
  const key = await publicKey(x, code);
  const r = Buffer.from(line.split('.')[2], 'base64url').subarray(0, 32);
  demand(!(r[0] === 1 && r.subarray(1).every((b) => b === 0)), code, 'R is of small order');
  try { await compactVerify(line, key, { algorithms: ['EdDSA'] }); } catch { refuse(code, 'the signature does not hold'); }
}

// reduced says whether the 768 numbers of 12 bits with which the ML-KEM-768 key of a
// post-quantum recipient begins are below the modulus (FIPS 203, 7.2): the library
// does not ask.
function reduced(text) {
  const raw = Buffer.alloc(1152);
  let value = 0, bits = 0, n = 0;
  for (let i = 'age1pq1'.length; n < raw.length && i < text.length; i++) {
    value = value << 5 | 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(text[i]);
    if ((bits += 5) >= 8) raw[n++] = value >> (bits -= 8);
    value &= (1 << bits) - 1;
  }
  for (let i = 0; i < raw.length; i += 3) {
    if ((raw[i] | (raw[i + 1] & 15) << 8) >= 3329 || (raw[i + 1] >> 4 | raw[i + 2] << 4) >= 3329) return false;
  }
  return n === raw.length;
}

// recipient makes sure that something can be encrypted to a recipient.
export async function recipient(suite, text, code) {
  if (suite === 'classic' && text.startsWith('ssh-ed25519 ')) {
    const wire = Buffer.from(text.slice(12), 'base64');
    const start = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0 ', 'latin1');
    const q = wire.length === 51 && point(wire.subarray(19));
    demand(wire.toString('base64') === text.slice(12) && wire.subarray(0, 19).equals(start) && q && !isIdentity(times(8n, q)), code, 'an unsound ssh-ed25519 recipient');
    return text;
  }
  const form = suite === 'pq' ? /^age1pq1[0-9a-z]+$/ : /^age1(?!pq1|tag1|tagpq1)[0-9a-z]+$/;
  demand(text.length <= 4096 && form.test(text), code, 'not a recipient of the suite');
  try {
    const e = new Encrypter();
    e.addRecipient(text);
    await e.encrypt('trial');
  } catch { refuse(code, 'nothing can be encrypted to a recipient'); }
  demand(suite !== 'pq' || reduced(text), code, 'an unsound ML-KEM key');
  return text;
}
