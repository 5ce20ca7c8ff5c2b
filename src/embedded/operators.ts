import { CommandError } from "./errors.ts";
import { compareValues, type Doc, equalValues, isPlainObject, typeName } from "./values.ts";

type Operator = (...values: unknown[]) => unknown;

export const isNullish = (value: unknown) => value === null || value === undefined;
export const isTrue = (value: unknown) => value !== false && value !== 0 && !isNullish(value);

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
export const operators: Record<string, [operate: Operator, least: number, most: number]> = {
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
