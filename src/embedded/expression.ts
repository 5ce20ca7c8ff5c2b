import { CommandError, refuse } from "./errors.ts";
import { isNullish, isTrue, operators } from "./operators.ts";
import { parsePath, valueAt } from "./paths.ts";
import { type Doc, isPlainObject, typeOf } from "./values.ts";

/** Computes a value from a document; `undefined` is MongoDB's "missing". */
export type Expression = (doc: Doc) => unknown;

/** The fields an expression reads go into this set; `all` is set when it may read any. */
export interface Needs {
  readonly fields: Set<string>;
  all: boolean;
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
