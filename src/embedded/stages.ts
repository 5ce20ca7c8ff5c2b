import { CommandError, refuse } from "./errors.ts";
import { compileConditions, fieldsOf, parseFilter } from "./filter.ts";
import { compileGroup } from "./group.ts";
import { facetStage, lookupStage, unionStage } from "./join-stages.ts";
import { parseKeyPattern, sortKey } from "./keys.ts";
import {
  addFieldsStage,
  newRoot,
  projectStage,
  replaceRootStage,
  unsetStage,
  unwindStage,
} from "./shape-stages.ts";
import { alsoNeeding, type Documents, hold, nothing, objectSpec, type Source, type Stage } from "./stage.ts";
import { type Doc, isPlainObject } from "./values.ts";

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
