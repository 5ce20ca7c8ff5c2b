import type { Collection } from "./catalog.ts";
import {
  type Command,
  type Context,
  checkOptions,
  itemsOption,
  nameOption,
  objectOption,
} from "./command.ts";
import { CommandError, refuse } from "./errors.ts";
import { type Condition, parseFilter } from "./filter.ts";
import { createDecoder, decodeDocument } from "./raw.ts";
import { compileProjection, sortOption } from "./read-commands.ts";
import { storable } from "./rows.ts";
import { findRows, type Row } from "./scan.ts";
import { parseUpdate, type Update, upsertBase } from "./update.ts";
import type { Doc } from "./values.ts";

const decodeId = createDecoder(new Set(["_id"]));
const emptyList = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

/** Runs the parts of a write one after the other; an error ends an ordered write and is listed in any case. */
function runAll<T>(items: readonly T[], ordered: boolean, run: (item: T, index: number) => void): Doc {
  const writeErrors: Doc[] = [];
  for (const [index, item] of items.entries()) {
    try {
      run(item, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, errmsg: error.message, ...error.extra });
      if (ordered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

function findOrCreate({ store }: Context, db: string, name: string): Collection {
  return store.catalog.find(db, name) ?? store.catalog.create(db, name);
}

const insert: Command = (context, body, sections) => {
  checkOptions("insert", body, "documents ordered bypassDocumentValidation");
  const { db, name } = nameOption(body, "insert");
  const documents = sections.get("documents") ?? (body.documents as Uint8Array[] | undefined);
  if (!Array.isArray(documents)) throw new CommandError(40414, "BSON field 'insert.documents' is missing");
  return context.store.transaction(() => {
    const collection = findOrCreate(context, db, name);
    let n = 0;
    const errors = runAll(documents, body.ordered !== false, (bytes) => {
      const document = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      context.store.insert(collection, storable(document));
      n++;
    });
    return { n, ...errors };
  });
};

/** Writes the document's new version; the result is its bytes, the same ones if nothing is different. */
function applyUpdate(
  { store }: Context,
  collection: Collection,
  [rid, stored]: Row,
  update: Update,
): Uint8Array {
  const { doc, changed } = update.apply(decodeDocument(stored), { inserting: false });
  const bytes = changed ? storable(doc) : undefined;
  if (bytes === undefined || bytes.equals(stored)) return stored;
  store.replace(collection, rid, stored, bytes);
  return bytes;
}

function upsert(
  context: Context,
  collection: Collection,
  filter: readonly Condition[],
  update: Update,
): Uint8Array {
  const base = upsertBase(filter, update.isReplacement);
  const bytes = storable(update.apply(base, { inserting: true }).doc);
  context.store.insert(collection, bytes);
  return bytes;
}

/** Documents that match now, as numbers: an update may move a document along the index that finds it. */
function* rereadAll({ store }: Context, collection: Collection, rows: Iterable<Row>): Generator<Row> {
  const rids = Array.from(rows, (row) => row[0]);
  const read = store.sql.prepare(`SELECT rid, doc FROM ${collection.table} WHERE rid = ?`);
  for (const rid of rids) yield read.get(rid) as unknown as Row;
}

const update: Command = (context, body, sections) => {
  checkOptions("update", body, "updates ordered bypassDocumentValidation");
  const { db, name } = nameOption(body, "update");
  const updates = itemsOption(body, sections, "updates");
  return context.store.transaction(() => {
    const collection = findOrCreate(context, db, name);
    const upserted: Doc[] = [];
    let [n, nModified] = [0, 0];
    const errors = runAll(updates, body.ordered !== false, (item, index) => {
      if (!emptyList(item.arrayFilters)) refuse(9, "arrayFilters");
      checkOptions("update", item, "q u multi upsert arrayFilters");
      const conditions = parseFilter(objectOption(item, "q"));
      const change = parseUpdate(item.u);
      const multi = item.multi === true;
      if (multi && change.isReplacement)
        throw new CommandError(9, "multi update is not supported for replacement-style update");
      const found = findRows(context.store, collection, conditions, { limit: multi ? 0 : 1, numbered: true });
      let matched = 0;
      for (const row of multi ? rereadAll(context, collection, found) : found) {
        matched++;
        if (applyUpdate(context, collection, row, change) !== row[1]) nModified++;
      }
      if (matched === 0 && item.upsert === true) {
        upserted.push({ index, _id: decodeId(upsert(context, collection, conditions, change))._id });
        matched = 1;
      }
      n += matched;
    });
    return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors };
  });
};

const remove: Command = (context, body, sections) => {
  checkOptions("delete", body, "deletes ordered");
  const { db, name } = nameOption(body, "delete");
  const deletes = itemsOption(body, sections, "deletes");
  const collection = context.store.catalog.find(db, name);
  return context.store.transaction(() => {
    let n = 0;
    const errors = runAll(deletes, body.ordered !== false, (item) => {
      checkOptions("delete", item, "q limit");
      const conditions = parseFilter(objectOption(item, "q"));
      if (item.limit !== 0 && item.limit !== 1)
        throw new CommandError(9, "The limit field in delete objects must be 0 or 1");
      if (collection === undefined) return;
      const found = findRows(context.store, collection, conditions, { limit: item.limit, numbered: true });
      for (const [rid, stored] of rereadAll(context, collection, found)) {
        context.store.remove(collection, rid, stored);
        n++;
      }
    });
    return { n, ...errors };
  });
};

const findAndModify: Command = (context, body) => {
  const known = "query sort remove update new upsert fields bypassDocumentValidation";
  const { arrayFilters, ...options } = body;
  if (!emptyList(arrayFilters)) refuse(9, "arrayFilters");
  checkOptions("findAndModify", options, known);
  const { db, name } = nameOption(body, "findAndModify");
  const conditions = parseFilter(objectOption(body, "query"));
  const project = compileProjection(objectOption(body, "fields")) ?? decodeDocument;
  const sort = sortOption(body);
  const removing = body.remove === true;
  if (removing === (body.update !== undefined))
    throw new CommandError(9, "Either an update or remove=true must be specified");
  if (removing && (body.new === true || body.upsert === true))
    throw new CommandError(9, "Cannot specify new or upsert with remove");
  const change = removing ? undefined : parseUpdate(body.update);
  return context.store.transaction(() => {
    const collection = findOrCreate(context, db, name);
    const [row] = findRows(context.store, collection, conditions, { sort, limit: 1, numbered: true });
    if (change === undefined) {
      if (row === undefined) return { lastErrorObject: { n: 0 }, value: null };
      context.store.remove(collection, row[0], row[1]);
      return { lastErrorObject: { n: 1 }, value: project(row[1]) };
    }
    if (row !== undefined) {
      const after = applyUpdate(context, collection, row, change);
      const value = project(body.new === true ? after : row[1]);
      return { lastErrorObject: { n: 1, updatedExisting: true }, value };
    }
    if (body.upsert !== true) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
    const created = upsert(context, collection, conditions, change);
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: decodeId(created)._id },
      value: body.new === true ? project(created) : null,
    };
  });
};

export const writeCommands: Record<string, Command> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: (context, { findandmodify, ...rest }, sections) =>
    findAndModify(context, { findAndModify: findandmodify, ...rest }, sections),
};
