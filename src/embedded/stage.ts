import { CommandError, refuse } from "./errors.ts";
import type { Needs } from "./expression.ts";
import type { Condition } from "./filter.ts";
import type { KeyPattern } from "./keys.ts";
import { type Doc, isPlainObject } from "./values.ts";

export type Documents = Iterable<Doc>;

/** One step of a pipeline. */
export interface Stage {
  readonly run: (docs: Documents) => Documents;
  /** The fields this stage needs of what comes in, given those needed of what goes out. */
  readonly needs: (after: Needs) => Needs;
  /** Set where the store can do this stage's work while it reads. */
  readonly conditions?: readonly Condition[];
  readonly sort?: KeyPattern;
  readonly limit?: number;
}

/** What stages that read other collections are given. */
export interface Source {
  /** The documents of a pipeline over a collection of the same database. */
  readonly open: (collection: string, pipeline: readonly unknown[], needs: Needs) => Documents;
  /** Pipelines inside a stage. */
  readonly compile: (pipeline: readonly unknown[]) => Stage[];
  readonly find: (collection: string, conditions: readonly Condition[]) => Documents;
}

export const everything = (): Needs => ({ fields: new Set(), all: true });
export const nothing = (): Needs => ({ fields: new Set(), all: false });
export const alsoNeeding = (after: Needs, fields: Iterable<string>): Needs => ({
  fields: new Set([...after.fields, ...fields]),
  all: after.all,
});

export function objectSpec(stage: string, code: number, spec: unknown): Doc {
  if (!isPlainObject(spec))
    throw new CommandError(code, `the ${stage} stage specification must be an object`);
  return spec;
}

export function onlyFields(stage: string, spec: Doc, known: readonly string[]): void {
  for (const name of Object.keys(spec))
    if (!known.includes(name)) refuse(9, `the field '${name}' of ${stage}`);
}

export function* mapped(docs: Documents, change: (doc: Doc) => Doc): Generator<Doc> {
  for (const doc of docs) yield change(doc);
}

/** Blocking stages hold whole documents; far above what a report needs, far below the memory there is. */
const maxHeld = 500_000;

export function hold(docs: Documents): Doc[] {
  const held: Doc[] = [];
  for (const doc of docs) {
    if (held.push(doc) > maxHeld)
      throw new CommandError(292, `a stage would hold more than ${maxHeld} documents in memory`);
  }
  return held;
}

export function runStages(stages: readonly Stage[], docs: Documents): Documents {
  return stages.reduce((stream, stage) => stage.run(stream), docs);
}
