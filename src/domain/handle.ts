import { hash } from "node:crypto";

const LENGTH = 11;
const FORM = /^~[A-Za-z0-9_-]{11}$/;

/**
 * A short name for a text of any length, the same everywhere and always: `~` and 11 characters (66 bits of its
 * SHA-256). For whatever carries a name where there is little room, as Slack's buttons and menus do.
 */
export function handleOf(text: string): string {
  return `~${hash("sha256", text, "base64url").slice(0, LENGTH)}`;
}

/** Whether a word may be a handle; only then is it worth to compute those it could stand for. */
export function looksLikeHandle(word: string): boolean {
  return FORM.test(word);
}
