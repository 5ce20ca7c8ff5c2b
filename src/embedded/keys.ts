import { CommandError, refuse } from "./errors.ts";
import { type Path, parsePath } from "./paths.ts";
import { type Doc, encodeKey, isPlainObject } from "./values.ts";

/** What an index or a sort orders documents by: paths, each up (1) or down (-1). */
export interface KeyPattern {
  readonly names: readonly string[];
  readonly paths: readonly Path[];
  readonly directions: readonly number[];
}

/** Checks `{ a: 1, "b.c": -1 }`; `code` is what the command answers when a direction is neither 1 nor -1. */
export function parseKeyPattern(pattern: Doc, code: number): KeyPattern {
  const directions = Object.entries(pattern).map(([path, direction]) => {
    if (direction === 1 || direction === -1) return direction;
    throw new CommandError(
      code,
      `the direction of '${path}' must be 1 or -1, not ${JSON.stringify(direction)}`,
    );
  });
  const names = Object.keys(pattern);
  return { names, paths: names.map(parsePath), directions };
}

/** An array would have a key for each of its elements; nobody here indexes or sorts by one, so it is refused. */
function valuesOf(doc: Doc, { names, paths }: KeyPattern): unknown[] {
  return paths.map((path, i) => {
    let value: unknown = doc;
    for (const part of path) {
      value = isPlainObject(value) ? value[part] : undefined;
      if (Array.isArray(value)) refuse(2, `an array in the indexed or sorted field '${names[i]}'`);
    }
    return value;
  });
}

/** The key of a document in an index; always upwards, as an index can be read from either end. */
export const indexKey = (doc: Doc, pattern: KeyPattern): Buffer => encodeKey(valuesOf(doc, pattern));

/** What a document sorts by. */
export const sortKey = (doc: Doc, pattern: KeyPattern): Buffer =>
  encodeKey(valuesOf(doc, pattern), pattern.directions);
