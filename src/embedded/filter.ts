import { BSONRegExp } from "bson";
import { CommandError, refuse } from "./errors.ts";
import { type Path, parsePath, someValue } from "./paths.ts";
import { parsePattern, type TextPattern } from "./regex.ts";
import { compareValues, type Doc, equalValues, isPlainObject, typeByte, typeName, typeOf } from "./values.ts";

export type Comparison = "$gt" | "$gte" | "$lt" | "$lte";

/** One test of one path. */
export type Clause = { readonly path: string; readonly parts: Path } & (
  | { readonly op: "$eq" | Comparison; readonly value: unknown }
  | { readonly op: "$in"; readonly values: readonly unknown[] }
  | { readonly op: "$exists" }
  | { readonly op: "$regex"; readonly pattern: TextPattern }
);

/** A parsed filter: clauses joined by and, or, nor. `$ne`, `$nin` and `$not` are a nor of what they deny. */
export type Condition = Clause | { readonly op: "and" | "or" | "nor"; readonly all: readonly Condition[] };

export type Predicate = (doc: Doc) => boolean;

const joins: Record<string, "and" | "or" | "nor"> = { $and: "and", $or: "or", $nor: "nor" };

/** The conditions of a filter, all of which must hold; throws 2 (BadValue) and names what is not supported. */
export function parseFilter(filter: Doc): Condition[] {
  return Object.entries(filter).flatMap(([name, value]): Condition[] => {
    const join = joins[name];
    if (join !== undefined) {
      if (!Array.isArray(value) || value.length === 0)
        throw new CommandError(2, `${name} argument must be a nonempty array`);
      const all = value.map((part): Condition => {
        if (!isPlainObject(part)) throw new CommandError(2, `${name} entries need to be full objects`);
        return { op: "and", all: parseFilter(part) };
      });
      return join === "and"
        ? all.flatMap((part) => ("all" in part ? part.all : [part]))
        : [{ op: join, all }];
    }
    if (name === "$comment") return [];
    if (name.startsWith("$")) refuse(2, `unknown top level operator: ${name}`);
    return parseField(name, parsePath(name), value);
  });
}

function hasOperators(value: unknown): value is Doc {
  return isPlainObject(value) && Object.keys(value)[0]?.startsWith("$") === true;
}

/** The conditions of `{ path: value }`; also what `$pull` tests its elements with, with an empty path. */
export function parseField(path: string, parts: Path, value: unknown): Condition[] {
  if (value instanceof BSONRegExp) return [regexClause(path, parts, value.pattern, value.options)];
  if (!hasOperators(value)) return [equality(path, parts, value)];
  return Object.entries(value).flatMap(([op, operand]): Condition[] => {
    const not = (denied: Condition[]): Condition[] => [{ op: "nor", all: [{ op: "and", all: denied }] }];
    switch (op) {
      case "$eq":
        return [equality(path, parts, operand)];
      case "$ne":
        return not([equality(path, parts, operand)]);
      case "$in":
        return [membership(path, parts, op, operand)];
      case "$nin":
        return not([membership(path, parts, op, operand)]);
      case "$gt":
      case "$gte":
      case "$lt":
      case "$lte":
        return [comparison(path, parts, op, operand)];
      case "$exists":
        return operand ? [{ path, parts, op }] : not([{ path, parts, op }]);
      case "$not":
        if (!hasOperators(operand) && !(operand instanceof BSONRegExp))
          throw new CommandError(2, "$not needs a regex or a document");
        return not(parseField(path, parts, operand));
      case "$regex": {
        const options = value.$options ?? "";
        if (operand instanceof BSONRegExp)
          return [regexClause(path, parts, operand.pattern, String(options) || operand.options)];
        if (typeof operand !== "string") throw new CommandError(2, "$regex has to be a string");
        return [regexClause(path, parts, operand, String(options))];
      }
      case "$options":
        if (value.$regex === undefined) throw new CommandError(2, "$options needs a $regex");
        return [];
      default:
        return refuse(2, `unknown operator: ${op}`);
    }
  });
}

function equality(path: string, parts: Path, value: unknown): Condition {
  if (value instanceof BSONRegExp) refuse(2, `a regular expression as the value of $eq or $ne on '${path}'`);
  if (value === undefined) throw new CommandError(2, `cannot compare '${path}' to undefined`);
  typeOf(value);
  return { path, parts, op: "$eq", value };
}

function membership(path: string, parts: Path, op: string, values: unknown): Condition {
  if (!Array.isArray(values)) throw new CommandError(2, `${op} needs an array`);
  if (values.some((value) => value instanceof BSONRegExp)) refuse(2, `a regular expression inside ${op}`);
  values.forEach(typeOf);
  return { path, parts, op: "$in", values };
}

function comparison(path: string, parts: Path, op: Comparison, value: unknown): Condition {
  const type = value instanceof BSONRegExp ? -1 : typeOf(value);
  if (type === -1 || type === typeByte.object || type === typeByte.array)
    refuse(2, `${op} on '${path}' with a value of type ${typeName(value)}`);
  return { path, parts, op, value };
}

function regexClause(path: string, parts: Path, pattern: string, options: string): Condition {
  return { path, parts, op: "$regex", pattern: parsePattern(pattern, options) };
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
      return (value) => typeof value === "string" && clause.pattern.expression.test(value);
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
