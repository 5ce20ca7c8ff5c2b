import { CommandError, refuse } from "./errors.ts";
import { compileExpression, type Needs } from "./expression.ts";
import { type Condition, compileConditions, fieldsOf, parseFilter } from "./filter.ts";
import { compileGroup } from "./group.ts";
import { type KeyPattern, parseKeyPattern, sortKey } from "./keys.ts";
import { parsePath, valueAt, withValueAt } from "./paths.ts";
import { compileProjection } from "./projection.ts";
import { type Doc, isPlainObject, typeName } from "./values.ts";

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
  readonly find: (collection: string, conditions: readonly Condition[]) => Documents;
}

export const everything = (): Needs => ({ fields: new Set(), all: true });
export const nothing = (): Needs => ({ fields: new Set(), all: false });
export const alsoNeeding = (after: Needs, fields: Iterable<string>): Needs => ({
  fields: new Set([...after.fields, ...fields]),
  all: after.all,
});

function objectSpec(stage: string, code: number, spec: unknown): Doc {
  if (!isPlainObject(spec))
    throw new CommandError(code, `the ${stage} stage specification must be an object`);
  return spec;
}

function onlyFields(stage: string, spec: Doc, known: readonly string[]): void {
  for (const name of Object.keys(spec))
    if (!known.includes(name)) refuse(9, `the field '${name}' of ${stage}`);
}

function integer(stage: string, code: number, value: unknown, least: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
  throw new CommandError(
    code,
    `${stage} needs an integer of at least ${least}, not ${JSON.stringify(value)}`,
  );
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

function* mapped(docs: Documents, change: (doc: Doc) => Doc): Generator<Doc> {
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

function matchStage(spec: unknown): Stage {
  const conditions = parseFilter(objectSpec("$match", 15959, spec));
  const test = compileConditions(conditions);
  return {
    conditions,
    needs: (after) => alsoNeeding(after, fieldsOf(conditions)),
    *run(docs) {
      for (const doc of docs) if (test(doc)) yield doc;
    },
  };
}

function groupStage(spec: unknown): Stage {
  const own = nothing();
  return { run: compileGroup(spec, own), needs: () => own };
}

function sortStage(spec: unknown): Stage {
  const fields = objectSpec("$sort", 15973, spec);
  if (Object.keys(fields).length === 0)
    throw new CommandError(15976, "$sort stage must have at least one sort key");
  const sort = parseKeyPattern(fields, 15975);
  return {
    sort,
    needs: (after) =>
      alsoNeeding(
        after,
        sort.paths.map(([first]) => first ?? ""),
      ),
    *run(docs) {
      const entries = hold(docs).map((doc) => ({ doc, key: sortKey(doc, sort) }));
      for (const { doc } of entries.sort((a, b) => Buffer.compare(a.key, b.key))) yield doc;
    },
  };
}

const isFlag = (value: unknown) => typeof value === "boolean" || typeof value === "number";
const isNested = (value: unknown): value is Doc =>
  isPlainObject(value) && Object.keys(value)[0]?.startsWith("$") !== true;

function projectStage(spec: unknown): Stage {
  const fields = objectSpec("$project", 15969, spec);
  if (Object.keys(fields).length === 0)
    throw new CommandError(51272, "Invalid $project :: projection must not be empty");
  const own = nothing();
  const computed = Object.entries(fields).filter(([, value]) => !isFlag(value));
  const expressions = computed.map(([name, value]) => {
    if (parsePath(name).length > 1) refuse(2, `the computed path '${name}' in $project`);
    const compute = compileExpression(value, own);
    if (!isNested(value)) return [name, compute] as const;
    // `{ a: { b: 1 } }` would keep a field, and an array that is there would take the new field into each element.
    if (
      Object.keys(value).length === 0 ||
      Object.values(value).some((inner) => isNested(inner) || isFlag(inner))
    )
      refuse(2, `a document of more than one level, or with flags, for '${name}' in $project`);
    own.fields.add(name);
    return [
      name,
      (doc: Doc) =>
        Array.isArray(doc[name]) ? refuse(2, `$project into the array '${name}'`) : compute(doc),
    ] as const;
  });
  const flags = Object.fromEntries(Object.entries(fields).filter(([, value]) => isFlag(value)));
  const projection = compileProjection(
    flags,
    computed.map(([name]) => name),
  );
  const idComputed = computed.some(([name]) => name === "_id");
  return {
    needs: (after) => (projection.fields === undefined ? after : alsoNeeding(own, projection.fields)),
    run: (docs) =>
      mapped(docs, (doc) => {
        const kept = projection.apply(doc);
        if (idComputed) delete kept._id;
        const result = idComputed ? { _id: undefined, ...kept } : kept;
        return assign(result, expressions, doc);
      }),
  };
}

type Named = readonly [name: string, compute: (doc: Doc) => unknown];

/** Sets the computed fields on `into`, from `doc`; a missing value takes the field away. */
function assign(into: Doc, expressions: readonly Named[], doc: Doc): Doc {
  for (const [name, compute] of expressions) {
    const value = compute(doc);
    if (value === undefined) delete into[name];
    else into[name] = value;
  }
  return into;
}

/** `{ a: { b: … } }` means `{ "a.b": … }` in $addFields. */
function flatten(spec: Doc, prefix = ""): [string, unknown][] {
  return Object.entries(spec).flatMap(([name, value]): [string, unknown][] => {
    const nested =
      isPlainObject(value) && Object.keys(value).length > 0 && !Object.keys(value)[0]?.startsWith("$");
    return nested ? flatten(value, `${prefix}${name}.`) : [[prefix + name, value]];
  });
}

function addFieldsStage(spec: unknown): Stage {
  const own = nothing();
  const fields = flatten(objectSpec("$addFields", 40272, spec)).map(([name, value]) => {
    const path = parsePath(name);
    if (path.length > 1) own.fields.add(path[0] ?? "");
    return { path, compute: compileExpression(value, own) };
  });
  return {
    needs: (after) => ({ fields: alsoNeeding(after, own.fields).fields, all: after.all || own.all }),
    run: (docs) =>
      mapped(docs, (doc) => {
        let result = doc;
        // All are computed from the document that came in, not from each other.
        for (const { path, compute } of fields) result = withValueAt(result, path, compute(doc)) as Doc;
        return result;
      }),
  };
}

function unsetStage(spec: unknown): Stage {
  const names = Array.isArray(spec) ? spec : [spec];
  if (names.length === 0 || !names.every((name) => typeof name === "string"))
    throw new CommandError(31002, "$unset specification must be a string or an array of strings");
  const { apply } = compileProjection(Object.fromEntries(names.map((name) => [name, 0])));
  return { needs: (after) => after, run: (docs) => mapped(docs, apply) };
}

function countStage(spec: unknown): Stage {
  if (typeof spec !== "string" || spec === "" || spec.startsWith("$") || spec.includes("."))
    throw new CommandError(40156, "the count field must be a non-empty string without '$' and '.'");
  return {
    needs: nothing,
    *run(docs) {
      let count = 0;
      for (const _ of docs) count++;
      if (count > 0) yield { [spec]: count };
    },
  };
}

function unwindStage(spec: unknown): Stage {
  const options = isPlainObject(spec) ? spec : { path: spec };
  onlyFields("$unwind", options, ["path", "preserveNullAndEmptyArrays"]);
  const reference = options.path;
  if (typeof reference !== "string" || !reference.startsWith("$"))
    throw new CommandError(28818, "path option to $unwind stage should be prefixed with a '$'");
  const path = parsePath(reference.slice(1));
  const preserve = options.preserveNullAndEmptyArrays === true;
  return {
    needs: (after) => alsoNeeding(after, [path[0] ?? ""]),
    *run(docs) {
      for (const doc of docs) {
        for (let i = 1; i < path.length; i++) {
          if (Array.isArray(valueAt(doc, path.slice(0, i))))
            refuse(2, `$unwind of '${reference}' through an array`);
        }
        const value = valueAt(doc, path);
        if (Array.isArray(value) && value.length > 0) {
          for (const item of value) yield withValueAt(doc, path, item) as Doc;
        } else if (preserve || (value !== undefined && value !== null && !Array.isArray(value))) {
          yield Array.isArray(value) ? (withValueAt(doc, path, undefined) as Doc) : doc;
        }
      }
    },
  };
}

function replaceRootStage(spec: unknown): Stage {
  const own = nothing();
  const compute = compileExpression(spec, own);
  return {
    needs: () => own,
    run: (docs) =>
      mapped(docs, (doc) => {
        const root = compute(doc);
        if (isPlainObject(root)) return root;
        throw new CommandError(
          40228,
          `'newRoot' expression must evaluate to an object, but is ${typeName(root)}`,
        );
      }),
  };
}

function newRoot(spec: unknown): Stage {
  const options = objectSpec("$replaceRoot", 40229, spec);
  onlyFields("$replaceRoot", options, ["newRoot"]);
  return replaceRootStage(options.newRoot);
}

function unionStage(spec: unknown, source: Source): Stage {
  const options = typeof spec === "string" ? { coll: spec } : objectSpec("$unionWith", 9, spec);
  onlyFields("$unionWith", options, ["coll", "pipeline"]);
  const { coll, pipeline = [] } = options as { coll?: unknown; pipeline?: unknown };
  if (typeof coll !== "string" || !Array.isArray(pipeline))
    throw new CommandError(9, "$unionWith needs a collection's name, and its pipeline must be an array");
  let needed = everything();
  return {
    needs(after) {
      needed = after;
      return after;
    },
    *run(docs) {
      yield* docs;
      yield* source.open(coll, pipeline, needed);
    },
  };
}

function facetStage(spec: unknown, source: Source): Stage {
  const facets = Object.entries(objectSpec("$facet", 40169, spec)).map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    for (const stage of pipeline)
      if (isPlainObject(stage) && ("$facet" in stage || "$merge" in stage))
        throw new CommandError(
          40600,
          `${Object.keys(stage)[0]} is not allowed to be used within a $facet stage`,
        );
    return [name, compileStages(pipeline, source)] as const;
  });
  return {
    needs: everything,
    *run(docs) {
      const held = hold(docs);
      yield Object.fromEntries(facets.map(([name, stages]) => [name, [...runStages(stages, held)]]));
    },
  };
}

function lookupStage(spec: unknown, source: Source): Stage {
  const options = objectSpec("$lookup", 9, spec);
  onlyFields("$lookup", options, ["from", "localField", "foreignField", "as"]);
  const { from, localField, foreignField, as } = options as Record<string, unknown>;
  if ([from, localField, foreignField, as].some((value) => typeof value !== "string"))
    throw new CommandError(9, "$lookup needs from, localField, foreignField and as, all strings");
  const local = parsePath(String(localField));
  const foreign = parsePath(String(foreignField));
  const target = parsePath(String(as));
  return {
    needs: (after) => alsoNeeding(after, [local[0] ?? "", target[0] ?? ""]),
    run: (docs) =>
      mapped(docs, (doc) => {
        const value = valueAt(doc, local) ?? null;
        if (Array.isArray(value)) refuse(2, `$lookup with an array in localField '${localField}'`);
        const condition: Condition = { path: String(foreignField), parts: foreign, op: "$eq", value };
        return withValueAt(doc, target, [...source.find(String(from), [condition])]) as Doc;
      }),
  };
}

const stageTable: Record<string, (spec: unknown, source: Source) => Stage> = {
  $match: matchStage,
  $group: groupStage,
  $sort: sortStage,
  $limit(spec) {
    const limit = integer("$limit", 15958, spec, 1);
    return { limit, needs: (after) => after, run: (docs) => take(docs, limit) };
  },
  $skip(spec) {
    const skip = integer("$skip", 15956, spec, 0);
    return { needs: (after) => after, run: (docs) => drop(docs, skip) };
  },
  $project: projectStage,
  $addFields: addFieldsStage,
  $set: addFieldsStage,
  $unset: unsetStage,
  $count: countStage,
  $unwind: unwindStage,
  $replaceRoot: newRoot,
  $replaceWith: replaceRootStage,
  $unionWith: unionStage,
  $facet: facetStage,
  $lookup: lookupStage,
};

/** Compiles the stages; throws 40324 and the name for one that is not on the list. */
export function compileStages(pipeline: readonly unknown[], source: Source): Stage[] {
  return pipeline.flatMap((stage) => {
    const [name, ...more] = isPlainObject(stage) ? Object.keys(stage) : [];
    if (!isPlainObject(stage) || name === undefined || more.length > 0)
      throw new CommandError(40323, "A pipeline stage specification object must contain exactly one field.");
    if (name === "$merge")
      throw new CommandError(40601, "$merge can only be the final stage in the pipeline");
    if (name === "$sortByCount") {
      const group = groupStage({ _id: stage[name], count: { $sum: 1 } });
      return [group, sortStage({ count: -1 })];
    }
    const compile = Object.hasOwn(stageTable, name) ? stageTable[name] : undefined;
    if (compile === undefined) refuse(40324, `Unrecognized pipeline stage name: '${name}'`);
    return [compile(stage[name], source)];
  });
}

export function runStages(stages: readonly Stage[], docs: Documents): Documents {
  return stages.reduce((stream, stage) => stage.run(stream), docs);
}
