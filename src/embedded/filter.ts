import { CommandError, refuse } from "./errors.ts";
import { type Path, parsePath, someValue } from "./paths.ts";
import { parsePattern } from "./regex.ts";
import { compareValues, type Doc, equalValues, isPlainObject, typeByte, typeName, typeOf } from "./values.ts";

export type Comparison = "$gt" | "$gte" | "$lt" | "$lte";

/** One test of one path. */
export type Clause = { readonly path: string; readonly parts: Path } & (
  | { readonly op: "$eq" | Comparison; readonly value: unknown }
  | { readonly op: "$in"; readonly values: readonly unknown[] }
  | { readonly op: "$exists" }
  | { readonly op: "$regex"; readonly pattern: RegExp }
);

/** A parsed filter: clauses joined by and, or, nor. `$ne` and `$nin` are a nor of what they deny. */
export type Condition = Clause | { readonly op: "and" | "or" | "nor"; readonly all: readonly Condition[] };

export type Predicate = (doc: Doc) => boolean;

/** The conditions of a filter, all of which must hold; throws 2 (BadValue) and names what is not supported. */
export function parseFilter(filter: Doc): Condition[] {
  return Object.entries(filter).flatMap(([name, value]): Condition[] => {
    if (!name.startsWith("$")) return parseField(name, parsePath(name), value);
    if (name !== "$and" && name !== "$or") refuse(2, `unknown top level operator: ${name}`);
    if (!Array.isArray(value) || value.length === 0 || !value.every(isPlainObject))
      throw new CommandError(2, `${name} argument must be a nonempty array of full objects`);
    if (name === "$and") return value.flatMap(parseFilter);
    return [{ op: "or", all: value.map((part) => ({ op: "and", all: parseFilter(part) })) }];
  });
}

export function hasOperators(value: unknown): value is Doc {
  return isPlainObject(value) && Object.keys(value)[0]?.startsWith("$") === true;
}

/** The conditions of `{ path: value }`; also what `$pull` tests its elements with. */
export function parseField(path: string, parts: Path, value: unknown): Condition[] {
  if (!hasOperators(value)) return [equality(path, parts, value)];
  const not = (denied: Condition): Condition[] => [{ op: "nor", all: [denied] }];
  return Object.entries(value).flatMap(([op, operand]): Condition[] => {
    switch (op) {
      case "$eq":
        return [equality(path, parts, operand)];
      case "$ne":
        return not(equality(path, parts, operand));
      case "$in":
        return [membership(path, parts, op, operand)];
      case "$nin":
        return not(membership(path, parts, op, operand));
      case "$gt":
      case "$gte":
      case "$lt":
      case "$lte":
        return [comparison(path, parts, op, operand)];
      case "$exists":
        return operand ? [{ path, parts, op }] : not({ path, parts, op });
      case "$regex":
        if (typeof operand !== "string") throw new CommandError(2, "$regex has to be a string");
        return [{ path, parts, op, pattern: parsePattern(operand, String(value.$options ?? "")) }];
      case "$options":
        if (value.$regex === undefined) throw new CommandError(2, "$options needs a $regex");
        return [];
      default:
        return refuse(2, `unknown operator: ${op}`);
    }
  });
}

function equality(path: string, parts: Path, value: unknown): Condition {
  if (value === undefined) throw new CommandError(2, `cannot compare '${path}' to undefined`);
  typeOf(value);
  return { path, parts, op: "$eq", value };
}

function membership(path: string, parts: Path, op: string, values: unknown): Condition {
  if (!Array.isArray(values)) throw new CommandError(2, `${op} needs an array`);
  values.forEach(typeOf);
  return { path, parts, op: "$in", values };
}

function comparison(path: string, parts: Path, op: Comparison, value: unknown): Condition {
  const type = typeOf(value);
  if (type === typeByte.object || type === typeByte.array)
    refuse(2, `${op} on '${path}' with a value of type ${typeName(value)}`);
  return { path, parts, op, value };
}

/** The top-level fields that the conditions look at. */
export function fieldsOf(conditions: readonly Condition[], into = new Set<string>()): Set<string> {
  for (const condition of conditions) {
    if ("all" in condition) fieldsOf(condition.all, into);
    else into.add(condition.parts[0] ?? "");
  }
  return into;
}

/** A function that tells whether a document satisfies all conditions. */
export function compileConditions(conditions: readonly Condition[]): Predicate {
  const tests = conditions.map(compileCondition);
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (doc) => tests.every((test) => test(doc));
}

function compileCondition(condition: Condition): Predicate {
  if (!("all" in condition)) {
    const test = compileClause(condition);
    return (doc) => someValue(doc, condition.parts, test);
  }
  const tests = condition.all.map(compileCondition);
  if (condition.op === "and") return (doc) => tests.every((test) => test(doc));
  if (condition.op === "or") return (doc) => tests.some((test) => test(doc));
  return (doc) => !tests.some((test) => test(doc));
}

function compileClause(clause: Clause): (value: unknown) => boolean {
  switch (clause.op) {
    case "$eq":
      return equalTo(clause.value);
    case "$in": {
      const quick = new Set(clause.values.filter((value) => typeof value !== "object"));
      const slow = clause.values.filter((value) => typeof value === "object").map(equalTo);
      return (value) => quick.has(value) || slow.some((test) => test(value));
    }
    case "$exists":
      return (value) => value !== undefined;
    case "$regex":
      return (value) => typeof value === "string" && clause.pattern.test(value);
    default:
      return comparedTo(clause.op, clause.value);
  }
}

function equalTo(wanted: unknown): (value: unknown) => boolean {
  if (wanted === null) return (value) => value === null || value === undefined;
  if (typeof wanted !== "object")
    return (value) => value === wanted || (Number.isNaN(value) && Number.isNaN(wanted));
  return (value) => equalValues(value, wanted);
}

/** A comparison holds only between values of one type; null is only ever equal to null, NaN to NaN. */
function comparedTo(op: Comparison, bound: unknown): (value: unknown) => boolean {
  const orEqual = op === "$gte" || op === "$lte";
  if (bound === null || Number.isNaN(bound)) return orEqual ? equalTo(bound) : () => false;
  const type = typeOf(bound);
  const sign = op === "$gt" || op === "$gte" ? 1 : -1;
  return (value) => {
    if (Number.isNaN(value) || typeOf(value) !== type) return false;
    const order = compareValues(value, bound) * sign;
    return order > 0 || (orEqual && order === 0);
  };
}
