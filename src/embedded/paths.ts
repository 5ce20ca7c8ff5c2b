import { CommandError, refuse } from "./errors.ts";
import { isPlainObject } from "./values.ts";

/** A dotted path cut at its dots. */
export type Path = readonly string[];

/**
 * Cuts a path and checks it. Positions (`a.0`, `a.$`) are left out: they mean one thing for an array and another
 * for a document.
 */
export function parsePath(path: string): Path {
  const parts = path.split(".");
  for (const part of parts) {
    if (part === "") throw new CommandError(2, `field path '${path}' must not have an empty part`);
    if (part.startsWith("$")) refuse(2, `'${part}' in the field path '${path}'`);
    if (/^\d+$/.test(part)) refuse(2, `the position '${part}' in the field path '${path}'`);
    if (part in Object.prototype) refuse(2, `the field name '${part}'`);
  }
  return parts;
}

/**
 * True when `test` holds for any value that a query sees at `path`: elements of arrays on the way, and at the end
 * of the path the elements of an array and the array itself. A missing field is seen as `undefined`.
 */
export function someValue(doc: unknown, path: Path, test: (value: unknown) => boolean, from = 0): boolean {
  let value = doc;
  for (let i = from; i < path.length; i++) {
    if (Array.isArray(value)) {
      return value.some((item) => isPlainObject(item) && someValue(item, path, test, i));
    }
    if (!isPlainObject(value)) return test(undefined);
    value = value[path[i] as string];
  }
  return (Array.isArray(value) && value.some(test)) || test(value);
}

/** Calls `visit` with what `distinct` lists: the values at `path`, those of an array one by one. */
export function eachValue(doc: unknown, path: Path, visit: (value: unknown) => void, from = 0): void {
  if (from === path.length) {
    if (Array.isArray(doc)) doc.forEach(visit);
    else if (doc !== undefined) visit(doc);
  } else if (Array.isArray(doc)) {
    for (const item of doc) if (isPlainObject(item)) eachValue(item, path, visit, from);
  } else if (isPlainObject(doc)) {
    eachValue(doc[path[from] as string], path, visit, from + 1);
  }
}

/** The value of `$path` in an expression: an array on the way gives the array of what its documents have there. */
export function valueAt(doc: unknown, path: Path, from = 0): unknown {
  let value = doc;
  for (let i = from; i < path.length; i++) {
    if (Array.isArray(value)) {
      return value.map((item) => valueAt(item, path, i)).filter((item) => item !== undefined);
    }
    if (!isPlainObject(value)) return undefined;
    value = value[path[i] as string];
  }
  return value;
}
