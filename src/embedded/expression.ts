import { CommandError, refuse } from "./errors.ts";
import { parsePath, valueAt } from "./paths.ts";
import { compareValues, type Doc, equalValues, isPlainObject, typeName, typeOf } from "./values.ts";

/** Computes a value from a document; `undefined` is MongoDB's "missing". */
export type Expression = (doc: Doc) => unknown;

/** The fields an expression reads go into this set; `all` is set when it may read any. */
export interface Needs {
  readonly fields: Set<string>;
  all: boolean;
}

type Operator = (...values: unknown[]) => unknown;

const isNullish = (value: unknown) => value === null || value === undefined;
const isTrue = (value: unknown) => value !== false && value !== 0 && !isNullish(value);

function numbers(name: string, values: readonly unknown[]): number[] | undefined {
  if (values.some(isNullish)) return undefined;
  return values.map((value) => {
    if (typeof value === "number") return value;
    throw new CommandError(14, `${name} only supports numeric types, not ${typeName(value)}`);
  });
}

/** The sum of numbers and at most one date. */
function add(...values: unknown[]): unknown {
  if (values.some(isNullish)) return null;
  const dates = values.filter((value) => value instanceof Date);
  if (dates.length > 1) throw new CommandError(16612, "only one date allowed in an $add expression");
  const sum = (
    numbers(
      "$add",
      values.map((value) => (value instanceof Date ? value.getTime() : value)),
    ) ?? []
  ).reduce((total, value) => total + value, 0);
  return dates.length === 1 ? dateOf(sum) : sum;
}

function subtract(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a instanceof Date && typeof b === "number") return dateOf(a.getTime() - b);
  const [x = 0, y = 0] = numbers("$subtract", [a, b]) ?? [];
  return x - y;
}

function dateOf(milliseconds: number): Date {
  return new Date(Math.round(milliseconds));
}

function extreme(sign: 1 | -1): Operator {
  return (...operands) => {
    const [only] = operands;
    const values = operands.length === 1 && Array.isArray(only) ? only : operands;
    let best: unknown = null;
    for (const value of values) {
      if (!isNullish(value) && (best === null || compareValues(value, best) * sign > 0)) best = value;
    }
    return best;
  };
}

function elementAt(array: unknown, position: unknown): unknown {
  if (isNullish(array) || isNullish(position)) return null;
  if (!Array.isArray(array))
    throw new CommandError(
      28689,
      `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`,
    );
  if (typeof position !== "number" || !Number.isInteger(position))
    throw new CommandError(
      28690,
      `$arrayElemAt's second argument must be an integer, but is ${typeName(position)}`,
    );
  return array.at(position);
}

function mergeObjects(...operands: unknown[]): Doc {
  const merged: Doc = {};
  for (const value of operands) {
    if (isNullish(value)) continue;
    if (!isPlainObject(value))
      throw new CommandError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    Object.assign(merged, value);
  }
  return merged;
}

/** Operators whose operands are all evaluated first; the pair is the least and the most of them. */
const operators: Record<string, [operate: Operator, least: number, most: number]> = {
  $add: [add, 1, 99],
  $subtract: [subtract, 2, 2],
  $multiply: [
    (...v) => numbers("$multiply", v)?.reduce((product, value) => product * value, 1) ?? null,
    1,
    99,
  ],
  $divide: [
    (...v) => {
      const [a = 0, b = 0] = numbers("$divide", v) ?? [Number.NaN];
      if (v.some(isNullish)) return null;
      if (b === 0) throw new CommandError(2, "can't $divide by zero");
      return a / b;
    },
    2,
    2,
  ],
  $eq: [(a, b) => equalValues(a, b), 2, 2],
  $ne: [(a, b) => !equalValues(a, b), 2, 2],
  $gt: [(a, b) => compareValues(a, b) > 0, 2, 2],
  $gte: [(a, b) => compareValues(a, b) >= 0, 2, 2],
  $lt: [(a, b) => compareValues(a, b) < 0, 2, 2],
  $lte: [(a, b) => compareValues(a, b) <= 0, 2, 2],
  $cmp: [(a, b) => Math.sign(compareValues(a, b)), 2, 2],
  $not: [(a) => !isTrue(a), 1, 1],
  $in: [
    (value, array) => {
      if (!Array.isArray(array))
        throw new CommandError(
          40081,
          `$in requires an array as a second argument, found: ${typeName(array)}`,
        );
      return array.some((item) => equalValues(item, value));
    },
    2,
    2,
  ],
  $concat: [
    (...v) => {
      if (v.some(isNullish)) return null;
      const wrong = v.find((value) => typeof value !== "string");
      if (wrong !== undefined)
        throw new CommandError(16702, `$concat only supports strings, not ${typeName(wrong)}`);
      return v.join("");
    },
    1,
    99,
  ],
  $size: [
    (array) => {
      if (Array.isArray(array)) return array.length;
      throw new CommandError(
        17124,
        `The argument to $size must be an array, but was of type: ${typeName(array)}`,
      );
    },
    1,
    1,
  ],
  $max: [extreme(1), 1, 99],
  $min: [extreme(-1), 1, 99],
  $mergeObjects: [mergeObjects, 1, 99],
  $arrayElemAt: [elementAt, 2, 2],
};

/** Compiles an expression and notes what it reads; throws 168 and the name for an operator not on the list. */
export function compileExpression(expression: unknown, needs: Needs): Expression {
  if (typeof expression === "string" && expression.startsWith("$"))
    return compileReference(expression, needs);
  if (Array.isArray(expression)) {
    const items = expression.map((item) => compileExpression(item, needs));
    return (doc) => items.map((item) => item(doc) ?? null);
  }
  if (!isPlainObject(expression)) {
    typeOf(expression);
    return () => expression;
  }
  const [name, ...more] = Object.keys(expression);
  if (name?.startsWith("$") === true) {
    if (more.length > 0)
      throw new CommandError(
        15983,
        `An object representing an expression must have exactly one field: ${name}, ${more}`,
      );
    return compileOperator(name, expression[name], needs);
  }
  const fields = Object.entries(expression).map(([field, value]): [string, Expression] => {
    if (field.includes("."))
      throw new CommandError(16412, `FieldPath field names may not contain '.': ${field}`);
    parsePath(field);
    return [field, compileExpression(value, needs)];
  });
  return (doc) => {
    const result: Doc = {};
    for (const [field, compute] of fields) {
      const value = compute(doc);
      if (value !== undefined) result[field] = value;
    }
    return result;
  };
}

function compileReference(reference: string, needs: Needs): Expression {
  if (reference.startsWith("$$")) {
    const [variable = "", ...rest] = reference.slice(2).split(".");
    if (variable === "REMOVE" && rest.length === 0) return () => undefined;
    if (variable !== "ROOT" && variable !== "CURRENT")
      refuse(17276, `Use of undefined variable: ${variable}`);
    if (rest.length > 0) return compileReference(`$${rest.join(".")}`, needs);
    needs.all = true;
    return (doc) => doc;
  }
  const path = parsePath(reference.slice(1));
  const [first = ""] = path;
  needs.fields.add(first);
  return path.length === 1 ? (doc) => doc[first] : (doc) => valueAt(doc, path);
}

function compileOperator(name: string, operand: unknown, needs: Needs): Expression {
  const compile = (value: unknown) => compileExpression(value, needs);
  const operands = Array.isArray(operand) ? operand : [operand];
  switch (name) {
    case "$literal":
      return () => operand;
    case "$and": {
      const all = operands.map(compile);
      return (doc) => all.every((test) => isTrue(test(doc)));
    }
    case "$or": {
      const all = operands.map(compile);
      return (doc) => all.some((test) => isTrue(test(doc)));
    }
    case "$ifNull": {
      if (operands.length < 2) throw new CommandError(1257300, "$ifNull needs at least two arguments");
      const all = operands.map(compile);
      return (doc) => {
        let value: unknown;
        for (const compute of all) {
          value = compute(doc);
          if (!isNullish(value)) break;
        }
        return value;
      };
    }
    case "$cond": {
      const parts = isPlainObject(operand) ? [operand.if, operand.then, operand.else] : operands;
      const known = isPlainObject(operand) ? Object.keys(operand).sort().join() === "else,if,then" : true;
      if (parts.length !== 3 || !known)
        throw new CommandError(17080, "$cond needs exactly if, then and else");
      const [test, then, otherwise] = parts.map(compile);
      return (doc) => (isTrue(test?.(doc)) ? then?.(doc) : otherwise?.(doc));
    }
    case "$switch":
      return compileSwitch(operand, needs);
  }
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator === undefined) refuse(168, `Unrecognized expression '${name}'`);
  const [operate, least, most] = operator;
  if (operands.length < least || operands.length > most)
    throw new CommandError(
      16020,
      `Expression ${name} takes ${least} to ${most} arguments. ${operands.length} were passed in.`,
    );
  const computes = operands.map(compile);
  // One operand that is not written as a list is that operand, even when its value is an array.
  return (doc) => operate(...computes.map((compute) => compute(doc)));
}

function compileSwitch(operand: unknown, needs: Needs): Expression {
  const { branches, default: otherwise, ...more } = isPlainObject(operand) ? operand : {};
  if (!Array.isArray(branches) || branches.length === 0 || Object.keys(more).length > 0)
    throw new CommandError(
      40068,
      "$switch requires at least one branch, and takes only branches and default",
    );
  const cases = branches.map((branch: unknown) => {
    if (!isPlainObject(branch) || Object.keys(branch).sort().join() !== "case,then")
      throw new CommandError(40067, "$switch requires each branch to have a 'case' and a 'then'");
    return [compileExpression(branch.case, needs), compileExpression(branch.then, needs)] as const;
  });
  const fallback = otherwise === undefined ? undefined : compileExpression(otherwise, needs);
  return (doc) => {
    for (const [test, then] of cases) if (isTrue(test(doc))) return then(doc);
    if (fallback === undefined)
      throw new CommandError(
        40066,
        "$switch could not find a matching branch for an input, and no default was specified",
      );
    return fallback(doc);
  };
}
