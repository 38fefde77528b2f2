// What a reader refuses with: a code, as SPEC.md names them, and a text that
// says what is wrong in ids, never in values.
export class Refusal extends Error {
  constructor(code, text) {
    super(`${code}: ${text}`);
    this.code = code;
  }
}

export function refuse(code, text) {
  throw new Refusal(code, text);
}

// demand refuses unless something holds.
export function demand(holds, code, text) {
  if (!holds) refuse(code, text);
}
