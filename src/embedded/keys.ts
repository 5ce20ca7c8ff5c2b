import { CommandError } from "./errors.ts";
import { type Path, parsePath } from "./paths.ts";
import { type Doc, emptyArray, encodeKey, isPlainObject } from "./values.ts";

/** What an index or a sort orders documents by: paths, each up (1) or down (-1). */
export interface KeyPattern {
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
  return { paths: Object.keys(pattern).map(parsePath), directions };
}

export interface DocumentKeys {
  /** Encoded and without repetition. */
  readonly keys: readonly Buffer[];
  /** True when an array was met, even an empty one: then one document may have several keys. */
  readonly multikey: boolean;
  /** True when the document has none of the fields (a sparse index then leaves it out). */
  readonly absent: boolean;
}

/**
 * All keys of a document. Every element of an array gives a key; two different arrays in one key are refused
 * with 171, as MongoDB does (their product could be huge).
 */
export function documentKeys(doc: Doc, pattern: KeyPattern): DocumentKeys {
  const { paths, directions } = pattern;
  const values: unknown[] = [];
  for (const path of paths) {
    let value: unknown = doc;
    for (let i = 0; i < path.length && value !== undefined; i++) {
      value = isPlainObject(value) ? value[path[i] as string] : Array.isArray(value) ? value : undefined;
      if (Array.isArray(value)) return multipleKeys(doc, pattern);
    }
    values.push(value);
  }
  const absent = values.every((value) => value === undefined);
  return { keys: [encode(values, directions)], multikey: false, absent };
}

function encode(values: readonly unknown[], directions: readonly number[]): Buffer {
  return encodeKey(values.includes(undefined) ? values.map((value) => value ?? null) : values, directions);
}

interface Place {
  readonly value: unknown;
  /** How many parts of the path are behind us; at its end the value is final. */
  readonly from: number;
}

function multipleKeys(doc: Doc, { paths, directions }: KeyPattern): DocumentKeys {
  const keys = new Map<string, Buffer>();
  let absent = true;
  const visit = (places: readonly Place[]): void => {
    let array: unknown[] | undefined;
    const reached = places.map((place, field): Place & { open: boolean } => {
      const path = paths[field] as Path;
      let { value, from } = place;
      // An array that is itself an element of an array is a value like any other.
      if (from < 0) return { value, from, open: false };
      while (from < path.length && isPlainObject(value)) value = value[path[from++] as string];
      if (!Array.isArray(value))
        return { value: from < path.length ? undefined : value, from: -1, open: false };
      if (array !== undefined && array !== value)
        throw new CommandError(
          171,
          `cannot index parallel arrays [${paths.map((p) => p.join(".")).join("] [")}]`,
        );
      array = value;
      return { value, from, open: true };
    });
    if (array === undefined) {
      if (reached.some((place) => place.value !== undefined)) absent = false;
      const key = encode(
        reached.map((place) => place.value),
        directions,
      );
      keys.set(key.toString("latin1"), key);
      return;
    }
    for (const item of array.length === 0 ? [emptyArray] : array) {
      visit(
        reached.map(({ value, from, open }, field) => {
          if (!open) return { value, from };
          if (from === paths[field]?.length) return { value: item, from: -1 };
          return isPlainObject(item) ? { value: item, from } : { value: undefined, from: -1 };
        }),
      );
    }
  };
  visit(paths.map(() => ({ value: doc, from: 0 })));
  return { keys: [...keys.values()], multikey: true, absent };
}

/** What a document sorts by: the least of its keys in that order, so `-1` takes an array's greatest element. */
export function sortKey(doc: Doc, pattern: KeyPattern): Buffer {
  const { keys } = documentKeys(doc, pattern);
  return keys.reduce((least, key) => (Buffer.compare(key, least) < 0 ? key : least));
}
