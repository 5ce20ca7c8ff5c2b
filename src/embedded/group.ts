import { CommandError, refuse } from "./errors.ts";
import { compileExpression, type Expression, type Needs } from "./expression.ts";
import { compareValues, type Doc, encodeKey, isPlainObject } from "./values.ts";

/** How one accumulator keeps its state in a group: `add` returns the new state. */
interface Accumulator<State = unknown> {
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

function accumulator<State>(
  start: () => State,
  add: (state: State, value: unknown) => State,
  result: (state: State) => unknown = (state) => state,
): Accumulator {
  return { start, add, result } as unknown as Accumulator;
}

const extreme = (sign: 1 | -1) =>
  accumulator<unknown>(
    () => null,
    (best, value) => {
      if (value === null || value === undefined) return best;
      return best === null || compareValues(value, best) * sign > 0 ? value : best;
    },
  );

const noValue = Symbol("no value yet");
const mean = (sum: Sum) => (sum.count === 0 ? null : total(sum) / sum.count);
const orNull = (value: unknown) => value ?? null;

const accumulators: Record<string, Accumulator> = {
  $sum: accumulator(startSum, addTo, total),
  $avg: accumulator(startSum, addTo, mean),
  $count: accumulator<number>(
    () => 0,
    (n) => n + 1,
  ),
  $max: extreme(1),
  $min: extreme(-1),
  $first: accumulator<unknown>(
    () => noValue,
    (first, value) => (first === noValue ? value : first),
    orNull,
  ),
  $last: accumulator<unknown>(
    () => undefined,
    (_last, value) => value,
    orNull,
  ),
  $push: accumulator<unknown[]>(
    () => [],
    (items, value) => {
      if (value !== undefined) items.push(value);
      return items;
    },
  ),
  $addToSet: accumulator<Map<unknown, unknown>>(
    () => new Map(),
    (items, value) => (value === undefined ? items : items.set(valueKey(value), value)),
    (items) => [...items.values()],
  ),
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
  readonly accumulator: Accumulator;
  readonly compute: Expression;
}

function compileField(name: string, spec: unknown, needs: Needs): Field {
  if (name.includes(".") || name.startsWith("$"))
    throw new CommandError(40235, `The field name '${name}' cannot contain '.' or begin with '$'`);
  const [operator, ...more] = isPlainObject(spec) ? Object.keys(spec) : [];
  if (!isPlainObject(spec) || operator === undefined || more.length > 0)
    throw new CommandError(40234, `The field '${name}' must be an object with one accumulator`);
  const accumulator = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
  if (accumulator === undefined) refuse(15952, `unknown group operator '${operator}'`);
  const operand = spec[operator];
  if (operator === "$count" && (!isPlainObject(operand) || Object.keys(operand).length > 0))
    throw new CommandError(40230, "$count takes no arguments, i.e. $count:{}");
  if (Array.isArray(operand))
    throw new CommandError(40237, `The ${operator} accumulator is a unary operator`);
  return { accumulator, compute: compileExpression(operand, needs) };
}
