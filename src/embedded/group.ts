import { CommandError, refuse } from "./errors.ts";
import { compileExpression, type Expression, type Needs } from "./expression.ts";
import { compareValues, type Doc, encodeKey, isPlainObject } from "./values.ts";

/** How one accumulator keeps its state in a group: `add` returns the new state. */
interface Accumulator<State> {
  readonly start: () => State;
  readonly add: (state: State, value: unknown) => State;
  readonly result: (state: State) => unknown;
}

/** A sum that carries its rounding error along (Neumaier), as MongoDB's sum of doubles does. */
interface Sum {
  sum: number;
  error: number;
  count: number;
}

function addTo(state: Sum, value: unknown): Sum {
  if (typeof value !== "number") return state;
  const total = state.sum + value;
  state.error +=
    Math.abs(state.sum) >= Math.abs(value) ? state.sum - total + value : value - total + state.sum;
  state.sum = total;
  state.count++;
  return state;
}

const total = ({ sum, error }: Sum) => (Number.isFinite(sum) ? sum + error : sum);
const startSum = (): Sum => ({ sum: 0, error: 0, count: 0 });

function extreme(sign: 1 | -1): Accumulator<unknown> {
  return {
    start: () => null,
    add: (best, value) => {
      if (value === null || value === undefined) return best;
      return best === null || compareValues(value, best) * sign > 0 ? value : best;
    },
    result: (best) => best,
  };
}

const nothingYet = Symbol("nothing yet");

const accumulators = {
  $sum: { start: startSum, add: addTo, result: total } satisfies Accumulator<Sum>,
  $avg: {
    start: startSum,
    add: addTo,
    result: (state) => (state.count === 0 ? null : total(state) / state.count),
  } satisfies Accumulator<Sum>,
  $count: { start: () => 0, add: (n) => n + 1, result: (n) => n } satisfies Accumulator<number>,
  $max: extreme(1),
  $min: extreme(-1),
  $first: {
    start: () => nothingYet,
    add: (first, value) => (first === nothingYet ? value : first),
    result: (first) => first ?? null,
  } satisfies Accumulator<unknown>,
  $last: {
    start: () => undefined,
    add: (_last, value) => value,
    result: (last) => last ?? null,
  } satisfies Accumulator<unknown>,
  $push: {
    start: () => [],
    add: (items, value) => {
      if (value !== undefined) items.push(value);
      return items;
    },
    result: (items) => items,
  } satisfies Accumulator<unknown[]>,
  $addToSet: {
    start: () => new Map(),
    add: (items, value) => (value === undefined ? items : items.set(valueKey(value), value)),
    result: (items) => [...items.values()],
  } satisfies Accumulator<Map<unknown, unknown>>,
};

/** Something a Map tells apart as MongoDB tells values apart: the value itself if it is simple, else its bytes. */
export function valueKey(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return `\0${encodeKey([value]).toString("latin1")}`;
}

interface Group {
  readonly id: unknown;
  readonly states: unknown[];
}

/** Compiles `$group`; groups come out in the order in which their first document came. */
export function compileGroup(spec: unknown, needs: Needs): (docs: Iterable<Doc>) => Iterable<Doc> {
  if (!isPlainObject(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(spec, "_id")) throw new CommandError(15955, "a group specification must include an _id");
  const computeId = compileExpression(spec._id, needs);
  const names = Object.keys(spec).filter((name) => name !== "_id");
  const fields = names.map((name) => compileField(name, spec[name], needs));
  return function* (docs) {
    const groups = new Map<unknown, Group>();
    for (const doc of docs) {
      const id = computeId(doc) ?? null;
      const key = valueKey(id);
      let group = groups.get(key);
      if (group === undefined) {
        group = { id, states: fields.map(({ accumulator }) => accumulator.start()) };
        groups.set(key, group);
      }
      const { states } = group;
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i] as Field;
        states[i] = field.accumulator.add(states[i], field.compute(doc));
      }
    }
    for (const { id, states } of groups.values()) {
      const result: Doc = { _id: id };
      names.forEach((name, i) => {
        result[name] = fields[i]?.accumulator.result(states[i]);
      });
      yield result;
    }
  };
}

interface Field {
  readonly accumulator: Accumulator<unknown>;
  readonly compute: Expression;
}

function compileField(name: string, spec: unknown, needs: Needs): Field {
  if (name.includes(".")) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith("$"))
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  const [operator, ...more] = isPlainObject(spec) ? Object.keys(spec) : [];
  if (!isPlainObject(spec) || operator === undefined)
    throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  if (more.length > 0) throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  if (!Object.hasOwn(accumulators, operator)) refuse(15952, `unknown group operator '${operator}'`);
  const operand = spec[operator];
  if (operator === "$count" && (!isPlainObject(operand) || Object.keys(operand).length > 0))
    throw new CommandError(40230, "$count takes no arguments, i.e. $count:{}");
  if (Array.isArray(operand))
    throw new CommandError(40237, `The ${operator} accumulator is a unary operator`);
  const accumulator = accumulators[operator as keyof typeof accumulators] as Accumulator<unknown>;
  return { accumulator, compute: compileExpression(operand, needs) };
}
