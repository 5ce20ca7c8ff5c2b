import type { Needs } from "./expression.ts";
import type { Condition } from "./filter.ts";
import { createDecoder } from "./raw.ts";
import type { Store } from "./rows.ts";
import { countRows, findRows } from "./scan.ts";
import { compileStages, type Documents, type Stage } from "./stages.ts";
import type { Doc } from "./values.ts";

const runStages = (stages: readonly Stage[], docs: Documents): Documents =>
  stages.reduce((stream, stage) => stage.run(stream), docs);

/** The documents that a pipeline makes of a collection, each computed when it is asked for. */
export function openPipeline(
  store: Store,
  db: string,
  name: string,
  pipeline: readonly unknown[],
): Documents {
  const stages = compileStages(pipeline);
  // Backwards through all stages, also those the store takes over: each passes on what it is asked for.
  const everything: Needs = { fields: new Set(), all: true };
  let needs = everything;
  const needed = stages.toReversed().map((stage) => {
    needs = stage.needs(needs);
    return needs;
  });
  const conditions: Condition[] = [];
  let at = 0;
  for (let stage = stages[at]; stage?.conditions !== undefined; stage = stages[++at])
    conditions.push(...stage.conditions);
  const sort = stages[at]?.sort;
  if (sort !== undefined) at++;
  const limit = stages[at]?.limit ?? 0;
  if (limit > 0) at++;
  const collection = store.catalog.find(db, name);
  const rest = stages.slice(at);
  if (collection === undefined) return runStages(rest, []);
  const { fields, all } = needed[stages.length - 1 - at] ?? everything;
  if (!all && fields.size === 0 && sort === undefined && limit === 0)
    return runStages(rest, repeat({}, countRows(store, collection, conditions)));
  const decode = createDecoder(all ? undefined : fields);
  return runStages(rest, decoded(findRows(store, collection, conditions, { sort, limit }), decode));
}

function* decoded(rows: ReturnType<typeof findRows>, decode: (stored: Uint8Array) => Doc): Generator<Doc> {
  for (const row of rows) yield decode(row[1]);
}

function* repeat(doc: Doc, count: number): Generator<Doc> {
  for (let i = 0; i < count; i++) yield doc;
}
