import { CommandError, refuse } from "./errors.ts";
import { compileExpression, type Needs } from "./expression.ts";
import { type Condition, compileConditions, fieldsOf, hasOperators, parseFilter } from "./filter.ts";
import { compileGroup } from "./group.ts";
import { type KeyPattern, parseKeyPattern, sortKey } from "./keys.ts";
import { parsePath } from "./paths.ts";
import { isFlag, parseProjection } from "./projection.ts";
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

const nothing = (): Needs => ({ fields: new Set(), all: false });
const alsoNeeding = ({ fields, all }: Needs, own: Iterable<string>): Needs => ({
  fields: new Set([...fields, ...own]),
  all,
});

function objectSpec(stage: string, code: number, spec: unknown): Doc {
  if (isPlainObject(spec)) return spec;
  throw new CommandError(code, `the ${stage} stage specification must be an object`);
}

function integer(stage: string, code: number, value: unknown, least: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
  throw new CommandError(code, `${stage} needs an integer >= ${least}, not ${JSON.stringify(value)}`);
}

function* take(docs: Documents, count: number): Generator<Doc> {
  let left = count;
  for (const doc of docs) {
    yield doc;
    if (--left === 0) return;
  }
}

function* drop(docs: Documents, count: number): Generator<Doc> {
  let left = count;
  for (const doc of docs) if (left-- <= 0) yield doc;
}

/** A sort holds whole documents; far above what a report needs, far below the memory there is. */
const maxHeld = 500_000;

function* sorted(docs: Documents, sort: KeyPattern): Generator<Doc> {
  const entries: { doc: Doc; key: Buffer }[] = [];
  for (const doc of docs) {
    if (entries.push({ doc, key: sortKey(doc, sort) }) > maxHeld)
      throw new CommandError(292, `$sort would hold more than ${maxHeld} documents in memory`);
  }
  for (const { doc } of entries.sort((a, b) => Buffer.compare(a.key, b.key))) yield doc;
}

function* counted(docs: Documents, name: string): Generator<Doc> {
  let count = 0;
  for (const _ of docs) count++;
  if (count > 0) yield { [name]: count };
}

/** Computed fields, each from the document that came in; a missing value takes the field away. */
function compileFields(stage: string, fields: readonly [string, unknown][], own: Needs) {
  const computed = fields.map(([name, value]) => {
    if (parsePath(name).length > 1) refuse(2, `the computed path '${name}' in ${stage}`);
    // MongoDB would take it apart, and mix it with a document that is there.
    if (isPlainObject(value) && !hasOperators(value)) refuse(2, `a document for '${name}' in ${stage}`);
    return { name, compute: compileExpression(value, own) };
  });
  return function* (docs: Documents, keep: (doc: Doc) => Doc): Generator<Doc> {
    for (const doc of docs) {
      const result = keep(doc);
      for (const { name, compute } of computed) {
        const value = compute(doc);
        if (value === undefined) delete result[name];
        else result[name] = value;
      }
      yield result;
    }
  };
}

const stageTable: Record<string, (spec: unknown) => Stage> = {
  $match(spec) {
    const conditions = parseFilter(objectSpec("$match", 15959, spec));
    const test = compileConditions(conditions);
    return {
      conditions,
      needs: (after) => alsoNeeding(after, fieldsOf(conditions)),
      *run(docs) {
        for (const doc of docs) if (test(doc)) yield doc;
      },
    };
  },
  $group(spec) {
    const own = nothing();
    return { run: compileGroup(spec, own), needs: () => own };
  },
  $sort(spec) {
    const fields = objectSpec("$sort", 15973, spec);
    if (Object.keys(fields).length === 0)
      throw new CommandError(15976, "$sort stage must have at least one sort key");
    const sort = parseKeyPattern(fields, 15975);
    const own = sort.paths.map(([first]) => first ?? "");
    return { sort, needs: (after) => alsoNeeding(after, own), run: (docs) => sorted(docs, sort) };
  },
  $limit(spec) {
    const limit = integer("$limit", 15958, spec, 1);
    return { limit, needs: (after) => after, run: (docs) => take(docs, limit) };
  },
  $skip(spec) {
    const skip = integer("$skip", 15956, spec, 0);
    return { needs: (after) => after, run: (docs) => drop(docs, skip) };
  },
  $project(spec) {
    const fields = Object.entries(objectSpec("$project", 15969, spec));
    if (fields.length === 0)
      throw new CommandError(51272, "Invalid $project :: projection must not be empty");
    const own = nothing();
    const computed = fields.filter(([, value]) => !isFlag(value));
    const compute = compileFields("$project", computed, own);
    const flags = Object.fromEntries(fields.filter(([, value]) => isFlag(value)));
    const kept = parseProjection(flags, computed.length > 0);
    const keep = (doc: Doc) => Object.fromEntries(Object.entries(doc).filter(([name]) => kept.has(name)));
    return { needs: () => alsoNeeding(own, kept), run: (docs) => compute(docs, keep) };
  },
  $addFields(spec) {
    const own = nothing();
    const fields = Object.entries(objectSpec("$addFields", 40272, spec));
    const compute = compileFields("$addFields", fields, own);
    return {
      needs: (after) => ({ fields: alsoNeeding(after, own.fields).fields, all: after.all || own.all }),
      run: (docs) => compute(docs, (doc) => ({ ...doc })),
    };
  },
  $count(spec) {
    if (typeof spec !== "string" || spec === "" || spec.startsWith("$") || spec.includes("."))
      throw new CommandError(40156, "the count field must be a non-empty string without '$' and '.'");
    return { needs: nothing, run: (docs) => counted(docs, spec) };
  },
};

/** Compiles the stages; throws 40324 and the name for one that is not on the list. */
export function compileStages(pipeline: readonly unknown[]): Stage[] {
  return pipeline.map((stage) => {
    const [name, ...more] = isPlainObject(stage) ? Object.keys(stage) : [];
    if (!isPlainObject(stage) || name === undefined || more.length > 0)
      throw new CommandError(40323, "A pipeline stage specification object must contain exactly one field.");
    const compile = Object.hasOwn(stageTable, name) ? stageTable[name] : undefined;
    if (compile === undefined) refuse(40324, `Unrecognized pipeline stage name: '${name}'`);
    return compile(stage[name]);
  });
}
