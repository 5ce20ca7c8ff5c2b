import { CommandError, refuse } from "./errors.ts";
import type { Condition } from "./filter.ts";
import { parsePath, valueAt, withValueAt } from "./paths.ts";
import {
  alsoNeeding,
  everything,
  hold,
  mapped,
  objectSpec,
  onlyFields,
  runStages,
  type Source,
  type Stage,
} from "./stage.ts";
import { type Doc, isPlainObject } from "./values.ts";

export function unionStage(spec: unknown, source: Source): Stage {
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

export function facetStage(spec: unknown, source: Source): Stage {
  const facets = Object.entries(objectSpec("$facet", 40169, spec)).map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${name} is not`);
    for (const stage of pipeline)
      if (isPlainObject(stage) && ("$facet" in stage || "$merge" in stage))
        throw new CommandError(
          40600,
          `${Object.keys(stage)[0]} is not allowed to be used within a $facet stage`,
        );
    return [name, source.compile(pipeline)] as const;
  });
  return {
    needs: everything,
    *run(docs) {
      const held = hold(docs);
      yield Object.fromEntries(facets.map(([name, stages]) => [name, [...runStages(stages, held)]]));
    },
  };
}

export function lookupStage(spec: unknown, source: Source): Stage {
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
