import { CommandError, refuse } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import { decodeDocument } from "./raw.ts";
import { type Store, storable } from "./rows.ts";
import { findRows } from "./scan.ts";
import { type Documents, hold } from "./stage.ts";
import { type Doc, isPlainObject } from "./values.ts";

const matched = ["replace", "merge", "keepExisting", "fail"];
const notMatched = ["insert", "discard", "fail"];

export function isMerge(stage: unknown): stage is { $merge: unknown } {
  return isPlainObject(stage) && Object.keys(stage).join() === "$merge";
}

/** Writes what a pipeline made into a collection, by `_id`; all of it or, when this throws, nothing. */
export function mergeInto(store: Store, sourceDb: string, spec: unknown, docs: Documents): void {
  const options: Doc = typeof spec === "string" ? { into: spec } : isPlainObject(spec) ? spec : {};
  for (const name of Object.keys(options))
    if (!["into", "on", "whenMatched", "whenNotMatched"].includes(name))
      refuse(9, `the field '${name}' of $merge`);
  const { into, on = "_id", whenMatched = "merge", whenNotMatched = "insert" } = options;
  const target = isPlainObject(into) ? into : { coll: into };
  const [db, name] = [target.db ?? sourceDb, target.coll];
  if (typeof db !== "string" || typeof name !== "string")
    throw new CommandError(51178, "$merge needs a collection in 'into'");
  if (on !== "_id" && !(Array.isArray(on) && on.join() === "_id"))
    refuse(2, "$merge with 'on' other than _id");
  if (typeof whenMatched !== "string" || !matched.includes(whenMatched))
    refuse(2, `$merge with this 'whenMatched'`);
  if (typeof whenNotMatched !== "string" || !notMatched.includes(whenNotMatched))
    refuse(2, `$merge with this 'whenNotMatched'`);
  store.transaction(() => {
    const results = hold(docs);
    const collection = store.catalog.find(db, name) ?? store.catalog.create(db, name);
    for (const doc of results) {
      const id = doc._id;
      if (id === null || Array.isArray(id))
        throw new CommandError(51132, "$merge write error: 'on' field '_id' cannot be null or an array");
      const [row] =
        id === undefined
          ? []
          : findRows(store, collection, parseFilter({ _id: { $eq: id } }), { limit: 1, numbered: true });
      if (row === undefined) {
        if (whenNotMatched === "fail")
          throw new CommandError(13113, "$merge could not find a matching document");
        if (whenNotMatched === "insert") store.insert(collection, storable(doc));
      } else if (whenMatched === "fail") {
        throw new CommandError(11000, "$merge found a document with this _id", {
          keyPattern: { _id: 1 },
          keyValue: { _id: id },
        });
      } else if (whenMatched !== "keepExisting") {
        const after = whenMatched === "merge" ? { ...decodeDocument(row[1]), ...doc } : doc;
        store.replace(collection, row[0], row[1], storable(after));
      }
    }
  });
}
