import type { Needs } from "./expression.ts";
import type { Condition } from "./filter.ts";
import { createDecoder, decodeDocument } from "./raw.ts";
import type { Store } from "./rows.ts";
import { countRows, findRows } from "./scan.ts";
import { type Documents, everything, runStages, type Source, type Stage } from "./stage.ts";
import { compileStages } from "./stages.ts";
import type { Doc } from "./values.ts";

/** Where a pipeline reads from: the collections of one database. */
function createSource(store: Store, db: string): Source {
  const source: Source = {
    compile: (pipeline) => compileStages(pipeline, source),
    open: (name, pipeline, needs) => openStages(store, db, name, source.compile(pipeline), needs),
    *find(name, conditions) {
      const collection = store.catalog.find(db, name);
      if (collection === undefined) return;
      for (const [, stored] of findRows(store, collection, conditions)) yield decodeDocument(stored);
    },
  };
  return source;
}

/** The documents that a pipeline makes of a collection, each computed when it is asked for. */
export function openPipeline(
  store: Store,
  db: string,
  name: string,
  pipeline: readonly unknown[],
): Documents {
  return openStages(store, db, name, createSource(store, db).compile(pipeline), everything());
}

function openStages(
  store: Store,
  db: string,
  name: string,
  stages: readonly Stage[],
  after: Needs,
): Documents {
  // Backwards through all stages, also those the store takes over: each passes on what it is asked for.
  let needs = after;
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
  const { fields, all } = needed[stages.length - 1 - at] ?? after;
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
