import { randomBytes } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** An id as Slack writes them: a letter for the kind and ten capitals or digits. */
export function newId(prefix: string, length = 10): string {
  let id = prefix;
  for (const byte of randomBytes(length)) id += alphabet[byte % alphabet.length];
  return id;
}

/** What nobody can guess, for one-time addresses. */
export function newSecret(): string {
  return randomBytes(18).toString("base64url");
}

/** Gives message timestamps, `seconds.micros`: unique and rising, also when the clock stands still. */
export function createTimestamps(now: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(Math.floor(now() * 1000), last + 1);
    return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, "0")}`;
  };
}
