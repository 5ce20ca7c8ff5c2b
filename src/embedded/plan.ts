import type { Collection, Index } from "./catalog.ts";
import type { Clause, Condition } from "./filter.ts";
import type { KeyPattern } from "./keys.ts";
import { encodeKey, equalValues, typeByte, typeOf } from "./values.ts";

/** Keys from `low` (inclusive) to `high` (exclusive). */
export interface Range {
  readonly low: Buffer;
  readonly high: Buffer;
}

/** How to find the documents of a filter. */
export interface Plan {
  /** Without an index every document is read. */
  readonly index?: Index;
  /** In ascending order, none overlapping. */
  readonly ranges: readonly Range[];
  readonly reverse: boolean;
  /** The documents come in the order asked for. */
  readonly sorted: boolean;
  /** What the ranges do not guarantee and has to be tested. */
  readonly rest: readonly Condition[];
}

const end = Buffer.from([0xff]);
const maxRanges = 20_000;

interface FieldBounds {
  /** Encoded values, any of which the field has; or, if there is only `range`, what lies between. */
  readonly points?: readonly Buffer[];
  readonly range?: Range;
  readonly used: readonly Clause[];
}

/** True when the clause holds for no document without the field. */
function impliesPresence(clause: Clause): boolean {
  if (clause.op === "$in") return !clause.values.includes(null);
  return !("value" in clause) || clause.value !== null;
}

function implies(conditions: readonly Condition[], wanted: Condition): boolean {
  if ("all" in wanted) return false;
  return conditions.some((given) => {
    if ("all" in given || given.path !== wanted.path) return false;
    if (wanted.op === "$exists") return impliesPresence(given);
    return (
      "value" in given &&
      "value" in wanted &&
      given.op === wanted.op &&
      equalValues(given.value, wanted.value)
    );
  });
}

/** A sparse or partial index may only be used by a filter that asks for nothing the index leaves out. */
function isUsable(index: Index, conditions: readonly Condition[], byPath: Map<string, Clause[]>): boolean {
  const present = (path: readonly string[]) => byPath.get(path.join("."))?.some(impliesPresence);
  if (index.sparse && !index.pattern.paths.some(present)) return false;
  return index.partial.every((wanted) => implies(conditions, wanted));
}

/** What the clauses of one field say about its part of the key; nothing if they say nothing an index can use. */
function boundsOf(clauses: readonly Clause[], direction: number, multikey: boolean): FieldBounds | undefined {
  const encode = (value: unknown) => encodeKey([value], [direction]);
  for (const clause of clauses) {
    if (clause.op === "$eq" && !Array.isArray(clause.value))
      return { points: [encode(clause.value)], used: [clause] };
    if (clause.op === "$in" && !clause.values.some(Array.isArray)) {
      const points = clause.values.map(encode).sort(Buffer.compare);
      return { points: points.filter((point, i) => !points[i - 1]?.equals(point)), used: [clause] };
    }
  }
  let lower: Clause | undefined;
  let upper: Clause | undefined;
  let type: number | undefined;
  for (const clause of clauses) {
    if (clause.op === "$regex" && clause.pattern.prefix !== "") {
      // A pattern that begins with `^text` finds only texts from `text` up to the last that begins with it.
      // Turned round, the byte that closes a text is 0xff itself, so the upper bound lies beyond that.
      const low = encodeKey([clause.pattern.prefix], [direction]).subarray(0, -1);
      return { range: { low, high: Buffer.concat(direction > 0 ? [low, end] : [low, end, end]) }, used: [] };
    }
    if (!("value" in clause) || clause.op === "$eq") continue;
    if (clause.value === null || Number.isNaN(clause.value)) continue;
    const clauseType = typeOf(clause.value);
    if (type !== undefined && (type !== clauseType || multikey)) continue;
    const isLower = clause.op === "$gt" || clause.op === "$gte";
    if (isLower && lower === undefined) lower = clause;
    else if (!isLower && upper === undefined) upper = clause;
    else continue;
    type = clauseType;
  }
  if (type === undefined) return undefined;
  const used = [lower, upper].filter((clause) => clause !== undefined);
  return { range: encodeRange(type, lower, upper, direction), used };
}

function encodeRange(
  type: number,
  lower: Clause | undefined,
  upper: Clause | undefined,
  direction: number,
): Range {
  const after = (key: Buffer) => Buffer.concat([key, end]);
  const value = (clause: Clause) => encodeKey(["value" in clause ? clause.value : null], [direction]);
  // Below the least number lies NaN, which no comparison finds.
  const leastNumber =
    type === typeByte.number ? encodeKey([Number.NEGATIVE_INFINITY], [direction]) : undefined;
  if (direction > 0) {
    return {
      low: !lower
        ? (leastNumber ?? Buffer.from([type]))
        : lower.op === "$gt"
          ? after(value(lower))
          : value(lower),
      high: !upper ? Buffer.from([type + 1]) : upper.op === "$lte" ? after(value(upper)) : value(upper),
    };
  }
  const last = leastNumber === undefined ? Buffer.from([(~type & 0xff) + 1]) : after(leastNumber);
  return {
    low: !upper ? Buffer.from([~type & 0xff]) : upper.op === "$lt" ? after(value(upper)) : value(upper),
    high: !lower ? last : lower.op === "$gte" ? after(value(lower)) : value(lower),
  };
}

function planIndex(
  index: Index,
  conditions: readonly Condition[],
  byPath: Map<string, Clause[]>,
  sort: KeyPattern | undefined,
): { plan: Plan; score: number } {
  const { paths, directions } = index.pattern;
  const used = new Set<Condition>(index.partial.length > 0 ? conditions.filter((c) => isSame(c, index)) : []);
  const single = new Set<string>();
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  let ranges: Range[] | undefined;
  let score = 0;
  for (let i = 0; i < paths.length && ranges === undefined; i++) {
    const path = paths[i]?.join(".") ?? "";
    const bounds = boundsOf(byPath.get(path) ?? [], directions[i] ?? 1, index.multikey);
    if (bounds === undefined) break;
    const { points, range } = bounds;
    if (points !== undefined) {
      if (i > 0 && prefixes.length * points.length > maxRanges) break;
      prefixes = prefixes.flatMap((prefix) => points.map((point) => Buffer.concat([prefix, point])));
      if (points.length === 1) single.add(path);
      score += 2;
    } else if (range !== undefined) {
      const { low, high } = range;
      ranges = prefixes.map((p) => ({ low: Buffer.concat([p, low]), high: Buffer.concat([p, high]) }));
      score += 1;
    }
    for (const clause of bounds.used) used.add(clause);
    // Another field may be of another element of the same array, whose key is another entry.
    if (index.multikey) break;
  }
  ranges ??= prefixes.map((prefix) => ({ low: prefix, high: Buffer.concat([prefix, end]) }));
  const order = sort === undefined || index.multikey ? 0 : servedOrder(index.pattern, single, sort);
  const rest = index.multikey ? conditions : conditions.filter((condition) => !used.has(condition));
  return {
    plan: { index, ranges, reverse: order < 0, sorted: order !== 0, rest },
    score: score === 0 ? 0 : score + (index.unique && rest.length === 0 ? 1 : 0),
  };
}

/** A condition that the index's own filter guarantees. */
function isSame(condition: Condition, index: Index): boolean {
  return index.partial.some((own) => implies([own], condition));
}

/** 1 when reading the index forwards gives the order, -1 when backwards does, else 0. */
function servedOrder(pattern: KeyPattern, single: ReadonlySet<string>, sort: KeyPattern): number {
  let order = 0;
  let at = 0;
  for (let i = 0; i < sort.paths.length; i++) {
    const path = sort.paths[i]?.join(".") ?? "";
    if (single.has(path)) continue;
    while (at < pattern.paths.length && single.has(pattern.paths[at]?.join(".") ?? "")) at++;
    if (pattern.paths[at]?.join(".") !== path) return 0;
    const direction = (pattern.directions[at] ?? 1) * (sort.directions[i] ?? 1);
    if (order !== 0 && direction !== order) return 0;
    order = direction;
    at++;
  }
  return order === 0 ? 1 : order;
}

/** The index with the most bounds; among equals one that also gives the order. */
export function choosePlan(
  collection: Collection,
  conditions: readonly Condition[],
  sort?: KeyPattern,
): Plan {
  const byPath = new Map<string, Clause[]>();
  for (const condition of conditions) {
    if ("all" in condition) continue;
    const clauses = byPath.get(condition.path);
    if (clauses === undefined) byPath.set(condition.path, [condition]);
    else clauses.push(condition);
  }
  let best: Plan = { ranges: [], reverse: false, sorted: sort === undefined, rest: conditions };
  let bestScore = 0;
  for (const index of collection.indexes) {
    if (!isUsable(index, conditions, byPath)) continue;
    const { plan, score } = planIndex(index, conditions, byPath, sort);
    const total = score + (sort !== undefined && plan.sorted ? 0.5 : 0);
    if (total > bestScore) {
      best = sort === undefined ? { ...plan, sorted: true, reverse: false } : plan;
      bestScore = total;
    }
  }
  return best;
}
