import { serialize } from "bson";
import { type Command, checkOptions, countOption, nameOption, objectOption } from "./command.ts";
import { CommandError, refuse } from "./errors.ts";
import { parseFilter } from "./filter.ts";
import { valueKey } from "./group.ts";
import { parseKeyPattern } from "./keys.ts";
import { eachValue, parsePath } from "./paths.ts";
import { openPipeline } from "./pipeline.ts";
import { parseProjection } from "./projection.ts";
import { createDecoder } from "./raw.ts";
import { countRows, findRows, type Row } from "./scan.ts";
import type { Documents } from "./stages.ts";
import { type Doc, isPlainObject } from "./values.ts";

const firstBatchSize = 101;

function* storedOf(rows: Iterable<Row>): Generator<Uint8Array> {
  for (const row of rows) yield row[1];
}

/** What a projection makes of stored documents; nothing where it is empty. */
export function compileProjection(spec: Doc): ((stored: Uint8Array) => Doc) | undefined {
  return Object.keys(spec).length === 0 ? undefined : createDecoder(parseProjection(spec));
}

function* projected(rows: Iterable<Row>, project: (stored: Uint8Array) => Doc): Generator<Uint8Array> {
  for (const row of rows) yield serialize(project(row[1]));
}

function* encoded(docs: Documents): Generator<Uint8Array> {
  for (const doc of docs) yield serialize(doc);
}

/** `sort` of a command, or nothing when it is empty. */
export function sortOption(body: Doc) {
  const sort = objectOption(body, "sort");
  return Object.keys(sort).length === 0 ? undefined : parseKeyPattern(sort, 2);
}

const find: Command = ({ store, cursors }, body) => {
  checkOptions("find", body, "filter sort projection skip limit batchSize singleBatch allowDiskUse");
  const { db, name, namespace } = nameOption(body, "find");
  const conditions = parseFilter(objectOption(body, "filter"));
  const project = compileProjection(objectOption(body, "projection"));
  const sort = sortOption(body);
  const [skip, limit] = [countOption(body, "skip", 0), countOption(body, "limit", 0)];
  const batchSize = countOption(body, "batchSize", firstBatchSize);
  const collection = store.catalog.find(db, name);
  const rows = collection === undefined ? [] : findRows(store, collection, conditions, { sort, skip, limit });
  const documents = project === undefined ? storedOf(rows) : projected(rows, project);
  return cursors.open(namespace, documents, batchSize, body.singleBatch === true);
};

const aggregate: Command = ({ store, cursors }, body) => {
  checkOptions("aggregate", body, "pipeline cursor allowDiskUse bypassDocumentValidation");
  if (typeof body.aggregate !== "string") refuse(2, "an aggregate without a collection");
  const { db, name, namespace } = nameOption(body, "aggregate");
  const { pipeline } = body;
  if (!Array.isArray(pipeline)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  if (!isPlainObject(body.cursor)) throw new CommandError(9, "The 'cursor' option is required");
  const documents = encoded(openPipeline(store, db, name, pipeline));
  return cursors.open(namespace, documents, countOption(body.cursor, "batchSize", firstBatchSize));
};

const getMore: Command = ({ cursors }, body) => {
  checkOptions("getMore", body, "collection batchSize");
  const { namespace } = nameOption(body, "collection");
  const batchSize = countOption(body, "batchSize", 0);
  return cursors.next(
    Number(body.getMore),
    namespace,
    batchSize === 0 ? Number.POSITIVE_INFINITY : batchSize,
  );
};

const killCursors: Command = ({ cursors }, body) => {
  checkOptions("killCursors", body, "cursors");
  const { cursors: ids } = body;
  if (!Array.isArray(ids)) throw new CommandError(40414, "BSON field 'killCursors.cursors' is missing");
  const killed = ids.filter((id) => cursors.close(Number(id)));
  const cursorsNotFound = ids.filter((id) => !killed.includes(id));
  return { cursorsKilled: killed, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
};

const count: Command = ({ store }, body) => {
  checkOptions("count", body, "query skip limit");
  const { db, name } = nameOption(body, "count");
  const conditions = parseFilter(objectOption(body, "query"));
  const [skip, limit] = [countOption(body, "skip", 0), countOption(body, "limit", 0)];
  const collection = store.catalog.find(db, name);
  const all = collection === undefined ? 0 : countRows(store, collection, conditions);
  const n = Math.max(0, all - skip);
  return { n: limit === 0 ? n : Math.min(n, limit) };
};

const distinct: Command = ({ store }, body) => {
  checkOptions("distinct", body, "key query");
  const { db, name } = nameOption(body, "distinct");
  const { key } = body;
  if (typeof key !== "string") throw new CommandError(14, "BSON field 'distinct.key' must be a string");
  const path = parsePath(key);
  const conditions = parseFilter(objectOption(body, "query"));
  const decode = createDecoder(new Set(path.slice(0, 1)));
  const values = new Map<unknown, unknown>();
  const collection = store.catalog.find(db, name);
  for (const [, stored] of collection === undefined ? [] : findRows(store, collection, conditions)) {
    eachValue(decode(stored), path, (value) => values.set(valueKey(value), value));
  }
  return { values: [...values.values()] };
};

export const readCommands: Record<string, Command> = {
  find,
  aggregate,
  getMore,
  killCursors,
  count,
  distinct,
};
