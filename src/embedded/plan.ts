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

/** What the clauses of one field say about its part of the key. */
interface Bounds {
  readonly ranges: readonly Range[];
  /** Each range is one value. */
  readonly exact: boolean;
  readonly used: readonly Clause[];
}

type ByPath = ReadonlyMap<string, readonly Clause[]>;

const noOrder: KeyPattern = { names: [], paths: [], directions: [] };
const end = Buffer.from([0xff]);
const maxRanges = 20_000;

/** The first key after all that begin with this one. */
const after = (key: Buffer) => Buffer.concat([key, end]);

/** True when every document for which `given` holds satisfies `wanted`. */
function implies(given: Condition, wanted: Condition): boolean {
  if ("all" in given || "all" in wanted || given.path !== wanted.path) return false;
  if (wanted.op === "$exists")
    return given.op === "$in" ? !given.values.includes(null) : !("value" in given) || given.value !== null;
  return "value" in given && "value" in wanted && given.op === wanted.op
    ? equalValues(given.value, wanted.value)
    : false;
}

function boundsOf(clauses: readonly Clause[]): Bounds | undefined {
  for (const clause of clauses) {
    const values = clause.op === "$eq" ? [clause.value] : clause.op === "$in" ? clause.values : undefined;
    if (values === undefined) continue;
    const points = values.map((value) => encodeKey([value])).sort(Buffer.compare);
    const distinct = points.filter((point, i) => !points[i - 1]?.equals(point));
    return { ranges: distinct.map((low) => ({ low, high: after(low) })), exact: true, used: [clause] };
  }
  const limits = clauses.flatMap((clause) =>
    "value" in clause && clause.value !== null && !Number.isNaN(clause.value) ? [clause] : [],
  );
  if (limits[0] === undefined) return undefined;
  const type = typeOf(limits[0].value);
  const ofType = limits.filter(({ value }) => typeOf(value) === type);
  const lower = ofType.find(({ op }) => op === "$gt" || op === "$gte");
  const upper = ofType.find(({ op }) => op === "$lt" || op === "$lte");
  const used = [lower, upper].filter((clause) => clause !== undefined);
  const [least, greatest] = [lower, upper].map((clause) => clause && encodeKey([clause.value]));
  // Below the least number lies NaN, which no comparison finds.
  let low: Buffer = type === typeByte.number ? encodeKey([Number.NEGATIVE_INFINITY]) : Buffer.from([type]);
  if (least !== undefined) low = lower?.op === "$gt" ? after(least) : least;
  let high: Buffer = Buffer.from([type + 1]);
  if (greatest !== undefined) high = upper?.op === "$lte" ? after(greatest) : greatest;
  return { ranges: [{ low, high }], exact: false, used };
}

/** 1 when reading the index forwards gives the order, -1 when backwards does, else 0. */
function servedOrder(index: Index, single: ReadonlySet<string>, sort: KeyPattern): number {
  const open = index.pattern.names.filter((name) => !single.has(name));
  const wanted = sort.names
    .map((name, i) => ({ name, direction: sort.directions[i] ?? 1 }))
    .filter(({ name }) => !single.has(name));
  const order = wanted[0]?.direction ?? 1;
  return wanted.every(({ name, direction }, i) => name === open[i] && direction === order) ? order : 0;
}

function planIndex(
  index: Index,
  conditions: readonly Condition[],
  byPath: ByPath,
  sort: KeyPattern,
): { plan: Plan; score: number } {
  const used = new Set(
    conditions.filter((condition) => index.partial.some((own) => implies(own, condition))),
  );
  const single = new Set<string>();
  let ranges: readonly Range[] = [{ low: Buffer.alloc(0), high: end }];
  let score = 0;
  for (const name of index.pattern.names) {
    const bounds = boundsOf(byPath.get(name) ?? []);
    if (bounds === undefined || (score > 0 && ranges.length * bounds.ranges.length > maxRanges)) break;
    // So far each range is one value, which its lower end spells.
    ranges = ranges.flatMap(({ low: prefix }) =>
      bounds.ranges.map(({ low, high }) => ({
        low: Buffer.concat([prefix, low]),
        high: Buffer.concat([prefix, high]),
      })),
    );
    for (const clause of bounds.used) used.add(clause);
    score += bounds.exact ? 2 : 1;
    if (!bounds.exact) break;
    if (bounds.ranges.length === 1) single.add(name);
  }
  const order = servedOrder(index, single, sort);
  const rest = conditions.filter((condition) => !used.has(condition));
  if (score > 0 && index.unique && rest.length === 0) score += 1;
  return { plan: { index, ranges, reverse: order < 0, sorted: order !== 0, rest }, score };
}

/** The index with the most bounds; among equals one that also gives the order. */
export function choosePlan(
  collection: Collection,
  conditions: readonly Condition[],
  sort: KeyPattern = noOrder,
): Plan {
  const isOrdered = sort.names.length > 0;
  const clauses = conditions.flatMap((condition) => ("all" in condition ? [] : [condition]));
  const byPath: ByPath = Map.groupBy(clauses, ({ path }) => path);
  let best: Plan = { ranges: [], reverse: false, sorted: !isOrdered, rest: conditions };
  let bestScore = 0;
  for (const index of collection.indexes) {
    // A partial index may only be used by a filter that asks for nothing the index leaves out.
    if (!index.partial.every((wanted) => conditions.some((given) => implies(given, wanted)))) continue;
    const { plan, score } = planIndex(index, conditions, byPath, sort);
    const total = score + (isOrdered && plan.sorted ? 0.5 : 0);
    if (total <= bestScore) continue;
    best = plan;
    bestScore = total;
  }
  return best;
}
