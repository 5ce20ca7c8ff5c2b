import type { AccountRef, UsageEvent } from "../domain/event.ts";
import type { AccountDocument, EventDocument, Said } from "./documents.ts";

/** `<source>/<the vault's own id>`. */
export function accountKey(source: string, id: string): string {
  return `${source}/${id}`;
}

/** The source that an account's key begins with. */
export function sourceOf(account: string): string {
  return account.slice(0, account.indexOf("/"));
}

export function eventDocument(source: string, event: UsageEvent): EventDocument {
  const document: EventDocument = {
    _id: `${source}:${event.id}`,
    account: accountKey(source, event.account.id),
    kind: event.kind,
    at: new Date(event.at),
  };
  if (event.session !== undefined) document.session = event.session;
  if (event.device !== undefined) document.device = event.device;
  return document;
}

/**
 * An order among events that claim one id. The least is kept, so that which of them came first does not matter.
 */
export function precedes(a: EventDocument, b: EventDocument): boolean {
  const time = a.at.getTime() - b.at.getTime();
  if (time !== 0) return time < 0;
  for (const field of ["account", "kind", "session", "device"] as const) {
    const [left = "", right = ""] = [a[field], b[field]];
    if (left !== right) return left < right;
  }
  return false;
}

/** How much an account's document has to be written again. */
export type Change = "none" | "later" | "now";

/**
 * Takes in what a record says of its account. "later" means that only the time of a known word moved on, which can
 * wait; "now" that something new was said.
 */
export function hear(account: AccountDocument, ref: AccountRef, at: number): Change {
  const email = hearWord(account, "email", ref.email?.toLowerCase(), at);
  const name = hearWord(account, "name", ref.name, at);
  if (ref.robot && !account.robot) {
    account.robot = true;
    return "now";
  }
  if (email === "now" || name === "now") return "now";
  return email === "later" || name === "later" ? "later" : "none";
}

function hearWord(
  account: AccountDocument,
  field: "email" | "name",
  value: string | undefined,
  at: number,
): Change {
  if (!value) return "none";
  const known = account.said?.[field];
  if (known?.value === value) {
    if (at <= known.at.getTime()) return "none";
    // In place, as nearly every event comes here.
    known.at.setTime(at);
    return "later";
  }
  if (known && !isNewer(at, value, known)) return "none";
  account.said = { ...account.said, [field]: { value, at: new Date(at) } };
  return "now";
}

function isNewer(at: number, value: string, known: Said): boolean {
  const knownAt = known.at.getTime();
  return at > knownAt || (at === knownAt && value > known.value);
}
