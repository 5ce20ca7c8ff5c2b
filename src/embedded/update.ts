import { CommandError, refuse } from "./errors.ts";
import { type Condition, compileConditions, hasOperators, parseField, parseFilter } from "./filter.ts";
import { type Path, parsePath } from "./paths.ts";
import { compareValues, type Doc, equalValues, isPlainObject, typeName } from "./values.ts";

/** Gives a field its new value, or `undefined` to take it away; `at` names the field in messages. */
type Operator = (old: unknown, operand: unknown, at: string) => unknown;

/** A parsed update; `apply` changes the document and tells whether anything is different. */
export interface Update {
  readonly isReplacement: boolean;
  readonly apply: (doc: Doc, options: { inserting: boolean }) => { doc: Doc; changed: boolean };
}

const operators: Record<string, Operator> = {
  $set: (_old, value) => value,
  $setOnInsert: (_old, value) => value,
  $unset: () => undefined,
  $inc(old, by, at) {
    if (typeof by !== "number")
      throw new CommandError(
        14,
        `Cannot increment with non-numeric argument: {${at}: ${JSON.stringify(by)}}`,
      );
    if (old !== undefined && typeof old !== "number")
      throw new CommandError(14, `Cannot apply $inc to '${at}', which is of type ${typeName(old)}`);
    return (old ?? 0) + by;
  },
  $min: (old, value) => (old === undefined || compareValues(value, old) < 0 ? value : old),
  $max: (old, value) => (old === undefined || compareValues(value, old) > 0 ? value : old),
  $push(old, operand, at) {
    const { $each, $slice } = modifiers("$push", operand, ["$each", "$slice"]);
    const items = [...arrayAt("$push", old, at), ...($each ?? [operand])];
    if ($slice === undefined) return items;
    if (typeof $slice !== "number" || !Number.isInteger($slice))
      throw new CommandError(2, "The value for $slice must be an integer value");
    if ($slice === 0) return [];
    return $slice < 0 ? items.slice($slice) : items.slice(0, $slice);
  },
  $addToSet(old, operand, at) {
    const items = [...arrayAt("$addToSet", old, at)];
    for (const value of modifiers("$addToSet", operand, ["$each"]).$each ?? [operand]) {
      if (!items.some((item) => equalValues(item, value))) items.push(value);
    }
    return items;
  },
  $pull(old, operand, at) {
    if (old === undefined) return undefined;
    const matches = pullTest(operand);
    return arrayAt("$pull", old, at).filter((item) => !matches(item));
  },
};

function arrayAt(operator: string, old: unknown, at: string): unknown[] {
  if (old === undefined) return [];
  if (Array.isArray(old)) return old;
  throw new CommandError(2, `${operator} needs an array, but the field '${at}' is of type ${typeName(old)}`);
}

function modifiers(
  operator: string,
  operand: unknown,
  known: readonly string[],
): { $each?: unknown[]; $slice?: unknown } {
  if (!hasOperators(operand)) return {};
  for (const name of Object.keys(operand)) if (!known.includes(name)) refuse(2, `${name} inside ${operator}`);
  if (!Array.isArray(operand.$each))
    throw new CommandError(14, `The argument to $each in ${operator} must be an array`);
  return operand as { $each: unknown[]; $slice?: unknown };
}

/** `$pull: { a: 5 }` takes equal elements; with operators, or a document, it takes those that match as a filter. */
function pullTest(operand: unknown): (item: unknown) => boolean {
  if (isPlainObject(operand) && !hasOperators(operand)) {
    const test = compileConditions(parseFilter(operand));
    return (item) => isPlainObject(item) && test(item);
  }
  if (!hasOperators(operand)) return (item) => equalValues(item, operand);
  const test = compileConditions(parseField("item", ["item"], operand));
  return (item) =>
    Array.isArray(item) ? refuse(2, "$pull with operators from an array of arrays") : test({ item });
}

interface Step {
  readonly operator: string;
  readonly path: string;
  readonly parts: Path;
  readonly operand: unknown;
}

const stepOf = (operator: string, path: string, operand: unknown): Step => ({
  operator,
  path,
  parts: parsePath(path),
  operand,
});

/** Operators that leave a missing field missing and never make its parents. */
const neverCreate = new Set(["$unset", "$pull"]);

function applyStep(doc: Doc, { operator, path, parts, operand }: Step): boolean {
  let parent = doc;
  for (const part of parts.slice(0, -1)) {
    const inner = parent[part];
    if (inner === undefined && neverCreate.has(operator)) return false;
    if (inner === undefined) parent[part] = {};
    else if (!isPlainObject(inner)) {
      if (operator === "$unset") return false;
      throw new CommandError(28, `Cannot create the path '${path}': '${part}' is of type ${typeName(inner)}`);
    }
    parent = parent[part] as Doc;
  }
  const last = parts.at(-1) ?? "";
  const old = parent[last];
  const value = operators[operator]?.(old, operand, path);
  if (value === undefined) {
    delete parent[last];
    return old !== undefined;
  }
  parent[last] = value;
  return old === undefined || !equalValues(old, value);
}

function parseSteps(update: Doc): Step[] {
  const steps = Object.entries(update).flatMap(([operator, fields]) => {
    if (!Object.hasOwn(operators, operator)) refuse(9, `Unknown modifier: ${operator}`);
    if (!isPlainObject(fields))
      throw new CommandError(9, `Modifiers operate on fields, but ${operator} has a ${typeName(fields)}`);
    return Object.entries(fields).map(([path, operand]) => stepOf(operator, path, operand));
  });
  // MongoDB applies them, and appends new fields, in the order of the paths.
  steps.sort((a, b) => compareValues([...a.parts], [...b.parts]));
  steps.forEach((step, i) => {
    const previous = steps[i - 1]?.parts;
    if (previous?.every((part, j) => step.parts[j] === part))
      throw new CommandError(
        40,
        `Updating '${step.path}' would create a conflict at '${previous.join(".")}'`,
      );
  });
  return steps;
}

function checkId(before: unknown, after: unknown): void {
  if (before !== undefined && !equalValues(before, after))
    throw new CommandError(66, "the update would modify the immutable field '_id'");
}

/** Parses the `u` of an update: operators or a replacement; throws 9 for what is neither or not supported. */
export function parseUpdate(update: unknown): Update {
  if (Array.isArray(update)) refuse(9, "an update by a pipeline");
  if (!isPlainObject(update)) throw new CommandError(9, "the update must be an object");
  if (!hasOperators(update)) return replacement(update);
  const steps = parseSteps(update);
  return {
    isReplacement: false,
    apply(doc, { inserting }) {
      const id = doc._id;
      let changed = false;
      for (const step of steps) {
        if (step.operator === "$setOnInsert" && !inserting) continue;
        if (applyStep(doc, step)) changed = true;
      }
      checkId(id, doc._id);
      return { doc, changed };
    },
  };
}

function replacement(update: Doc): Update {
  for (const name of Object.keys(update))
    if (name.startsWith("$"))
      throw new CommandError(52, `The dollar ($) prefixed field '${name}' is not allowed`);
  return {
    isReplacement: true,
    apply({ _id }) {
      if (Object.hasOwn(update, "_id")) checkId(_id, update._id);
      const doc = _id === undefined ? update : { _id, ...update };
      return { doc, changed: true };
    },
  };
}

/** The document an upsert begins with: what the filter asks to be equal. */
export function upsertBase(conditions: readonly Condition[], isReplacement: boolean): Doc {
  const base: Doc = {};
  for (const condition of conditions) {
    const alone = "all" in condition ? condition.all : "values" in condition ? condition.values : [];
    const isChoice = condition.op === "or" || condition.op === "$in";
    if (isChoice && alone.length === 1) refuse(2, "an upsert by $in or $or with a single entry");
    if ("all" in condition || condition.op !== "$eq") continue;
    if (isReplacement && condition.path !== "_id") continue;
    if (!applyStep(base, stepOf("$set", condition.path, condition.value)))
      throw new CommandError(54, `cannot infer query fields to set, '${condition.path}' is matched twice`);
  }
  return base;
}
