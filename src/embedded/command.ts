import type { Collection } from "./catalog.ts";
import type { Cursors } from "./cursors.ts";
import { CommandError, refuse } from "./errors.ts";
import type { Store } from "./rows.ts";
import { type Doc, isPlainObject, typeName } from "./values.ts";
import { parseDocument } from "./wire.ts";

/** What a command works with. */
export interface Context {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly now: () => number;
}

/** A command: its body and the arrays that came beside it; the reply is a document or its bytes. */
export type Command = (context: Context, body: Doc, sections: ReadonlyMap<string, Buffer[]>) => Doc | Buffer;

/** What the driver may put into any command. */
const common = new Set("$db lsid $readPreference readConcern writeConcern maxTimeMS comment".split(" "));

/** Throws 40415 for an option that is not among the known ones, so that none is ever ignored. */
export function checkOptions(command: string, body: Doc, known: string): void {
  const allowed = known.split(" ");
  for (const name of Object.keys(body)) {
    if (name !== command && !common.has(name) && !allowed.includes(name))
      refuse(40415, `BSON field '${command}.${name}' is an unknown field`);
  }
}

/** An object that may be missing, such as a filter; throws 14 (TypeMismatch) for anything else. */
export function objectOption(body: Doc, name: string): Doc {
  const value = body[name];
  if (value === undefined || value === null) return {};
  if (isPlainObject(value)) return value;
  throw new CommandError(14, `BSON field '${name}' is of type '${typeName(value)}', expected 'object'`);
}

/** A count that may be missing; throws 2 for what is no whole number from 0. */
export function countOption(body: Doc, name: string, missing: number): number {
  const value = body[name];
  if (value === undefined || value === null) return missing;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new CommandError(2, `BSON field '${name}' must be a whole number >= 0, not '${String(value)}'`);
}

/** The items of an array that came in the body or beside it. */
export function itemsOption(body: Doc, sections: ReadonlyMap<string, Buffer[]>, name: string): Doc[] {
  const items = sections.get(name)?.map((bytes) => parseDocument(bytes)) ?? body[name];
  if (Array.isArray(items) && items.every(isPlainObject)) return items;
  throw new CommandError(40414, `BSON field '${name}' is missing but a required field`);
}

export function nameOption(body: Doc, command: string): { db: string; name: string; namespace: string } {
  const { [command]: name, $db: db } = body;
  if (typeof name !== "string" || name === "" || typeof db !== "string")
    throw new CommandError(73, `Invalid namespace specified for ${command}: '${String(db)}.${String(name)}'`);
  return { db, name, namespace: `${db}.${name}` };
}

export function requireCollection({ store }: Context, db: string, name: string): Collection {
  const collection = store.catalog.find(db, name);
  if (collection === undefined) throw new CommandError(26, `ns does not exist: ${db}.${name}`);
  return collection;
}
