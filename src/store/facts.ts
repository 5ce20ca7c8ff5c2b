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
  let change: Change = "none";
  const said = account.said ?? {};
  for (const [field, value] of [
    ["email", ref.email?.toLowerCase()],
    ["name", ref.name],
  ] as const) {
    if (!value) continue;
    const known = said[field];
    if (known && !isNewer({ value, at: new Date(at) }, known)) continue;
    if (known?.value !== value) change = "now";
    else if (change === "none") change = "later";
    said[field] = { value, at: new Date(at) };
    account.said = said;
  }
  if (ref.robot && !account.robot) {
    account.robot = true;
    change = "now";
  }
  return change;
}

function isNewer(next: Said, known: Said): boolean {
  return next.at > known.at || (next.at.getTime() === known.at.getTime() && next.value > known.value);
}
