import type { AccountRef, EventKind } from "../domain/event.ts";
import type { EventDraft, Fields } from "./source.ts";
import { Rejection } from "./source.ts";

// Written by hand instead of with zod: this runs for every field of millions of records.

const maxIdLength = 256;
const maxNameLength = 300;
const maxEmailLength = 320;

/** Control characters and halves of surrogate pairs: never part of an id, and no store keeps the latter. */
const unfit = /[\p{Cc}\p{Cs}]/u;
const unfitRuns = /[\p{Cc}\p{Cs}\s]+/gu;
const emailShape = /^[^\s\p{Cc}\p{Cs}@]+@[^\s\p{Cc}\p{Cs}@]+$/u;

/** An id of up to 256 characters; a number counts as its digits; null, empty and blank count as missing. */
export function idOf(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") throw new Rejection(`the ${what} is neither text nor a number`);
  if (value.length > maxIdLength) throw new Rejection(`the ${what} is longer than ${maxIdLength} characters`);
  if (unfit.test(value)) throw new Rejection(`the ${what} has control characters or broken text`);
  return value.trim() === "" ? undefined : value;
}

/** A person's name on one line, cut at 300 characters. What is no name counts as missing: it loses no event. */
export function nameOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const name = value.replace(unfitRuns, " ").trim();
  if (name === "") return undefined;
  if (name.length <= maxNameLength) return name;
  // The cut may fall inside a surrogate pair; its first half goes too.
  return name.slice(0, maxNameLength).replace(/\p{Cs}$/u, "");
}

/** An e-mail address, trimmed and in lower case, as people are joined by it. What is none counts as missing. */
export function emailOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > maxEmailLength) return undefined;
  const email = value.trim().toLowerCase();
  return emailShape.test(email) ? email : undefined;
}

/** The fields under their names in lower case, as spreadsheets and their owners spell them in all ways. */
export function lowerCase(fields: Fields): Fields {
  const lower: Record<string, unknown> = {};
  for (const name in fields) lower[name.trim().toLowerCase()] = fields[name];
  return lower;
}

/** Whether there is nothing: no field, or a blank one. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** A text that is not blank, trimmed. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** A nested object, or no fields at all. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** An account without the fields that are not known, as the store compares what is there. */
export function accountOf(
  id: string,
  known: { email?: string | undefined; name?: string | undefined; robot?: boolean },
): AccountRef {
  return {
    id,
    ...(known.email !== undefined && { email: known.email }),
    ...(known.name !== undefined && { name: known.name }),
    ...(known.robot === true && { robot: true }),
  };
}

/** What a vault's word for what happened comes to: without a kind, `other`, with the word for people to read. */
export function meaning(kind: EventKind | undefined, word: unknown): Pick<EventDraft, "kind" | "unknown"> {
  if (kind !== undefined) return { kind };
  return { kind: "other", unknown: typeof word === "string" || typeof word === "number" ? String(word) : "" };
}

/** A row of a database without its nulls, as its tools write them into CSV. */
export function withoutNulls(row: Fields): Fields {
  const known: Record<string, unknown> = {};
  for (const name in row) if (row[name] !== "NULL" && row[name] !== "\\N") known[name] = row[name];
  return known;
}
