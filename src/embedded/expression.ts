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

const isTrue = (value: unknown) => value !== false && value !== 0 && value !== null && value !== undefined;

function contains(value: unknown, array: unknown): boolean {
  if (Array.isArray(array)) return array.some((item) => equalValues(item, value));
  throw new CommandError(40081, `$in requires an array as a second argument, found: ${typeName(array)}`);
}

/** The least and the most operands, and what the operator makes of them once they are compiled. */
type Operator = readonly [
  least: number,
  most: number,
  build: (operands: readonly Expression[]) => Expression,
];

const operators: Record<string, Operator> = {
  $and: [0, 99, (all) => (doc) => all.every((test) => isTrue(test(doc)))],
  $or: [0, 99, (all) => (doc) => all.some((test) => isTrue(test(doc)))],
  $not: [
    1,
    1,
    ([test]) =>
      (doc) =>
        !isTrue(test?.(doc)),
  ],
  $cond: [
    3,
    3,
    ([test, yes, no]) =>
      (doc) =>
        isTrue(test?.(doc)) ? yes?.(doc) : no?.(doc),
  ],
  $ifNull: [
    2,
    99,
    (all) => (doc) => {
      for (const compute of all) {
        const value = compute(doc);
        if (value !== undefined && value !== null) return value;
      }
      return all.at(-1)?.(doc);
    },
  ],
  $in: [
    2,
    2,
    ([value, array]) =>
      (doc) =>
        contains(value?.(doc), array?.(doc)),
  ],
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
};

function comparing(test: (order: number) => boolean): Operator {
  return [
    2,
    2,
    ([a, b]) =>
      (doc) =>
        test(compareValues(a?.(doc), b?.(doc))),
  ];
}

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
    if (more.length === 0) return compileOperator(name, expression[name], needs);
    throw new CommandError(15983, `An expression must have exactly one operator, not ${name}, ${more}`);
  }
  const fields = Object.entries(expression).map(([field, value]): [string, Expression] => {
    if (parsePath(field).length > 1)
      throw new CommandError(16412, `FieldPath field names may not contain '.': ${field}`);
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
  if (reference === "$$ROOT") {
    needs.all = true;
    return (doc) => doc;
  }
  if (reference.startsWith("$$")) refuse(17276, `Use of undefined variable: ${reference.slice(2)}`);
  const path = parsePath(reference.slice(1));
  const [first = ""] = path;
  needs.fields.add(first);
  return path.length === 1 ? (doc) => doc[first] : (doc) => valueAt(doc, path);
}

function compileOperator(name: string, operand: unknown, needs: Needs): Expression {
  if (name === "$literal") return () => operand;
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator === undefined) refuse(168, `Unrecognized expression '${name}'`);
  let operands = Array.isArray(operand) ? operand : [operand];
  if (name === "$cond" && isPlainObject(operand)) {
    if (Object.keys(operand).sort().join() !== "else,if,then")
      throw new CommandError(17080, "$cond needs exactly if, then and else");
    operands = [operand.if, operand.then, operand.else];
  }
  const [least, most, build] = operator;
  if (operands.length < least || operands.length > most)
    throw new CommandError(
      16020,
      `Expression ${name} takes ${least} to ${most} arguments, not ${operands.length}`,
    );
  return build(operands.map((value) => compileExpression(value, needs)));
}
