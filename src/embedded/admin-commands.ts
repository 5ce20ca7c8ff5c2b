import { serialize } from "bson";
import type { Collection, Index } from "./catalog.ts";
import {
  type Command,
  checkOptions,
  itemsOption,
  nameOption,
  objectOption,
  requireCollection,
} from "./command.ts";
import { CommandError, refuse } from "./errors.ts";
import { compileConditions, parseFilter } from "./filter.ts";
import { parseKeyPattern } from "./keys.ts";
import { equalValues, isPlainObject } from "./values.ts";

function parseIndex(spec: Record<string, unknown>): Index["spec"] {
  const { key, name, background: _background, v: _v, unique, partialFilterExpression, ...others } = spec;
  if (!isPlainObject(key) || Object.keys(key).length === 0)
    throw new CommandError(67, "an index needs a non-empty object as its key");
  if (typeof name !== "string" || name === "") throw new CommandError(9, "an index needs a name");
  for (const option of Object.keys(others)) refuse(67, `the index option '${option}'`);
  if (parseFilter(objectOption(spec, "partialFilterExpression")).some((condition) => "all" in condition))
    refuse(67, `the partialFilterExpression ${JSON.stringify(partialFilterExpression)}`);
  parseKeyPattern(key, 67);
  const isPartial = isPlainObject(partialFilterExpression);
  return {
    v: 2,
    key,
    name,
    ...(unique === true && { unique }),
    ...(isPartial && { partialFilterExpression }),
  };
}

/** The index that is already there; throws 85 or 86 where the new one contradicts it. */
function existingIndex(collection: Collection, spec: Index["spec"]): Index | undefined {
  if (Object.keys(spec.key).join() === "_id") return collection.indexes[0];
  for (const index of collection.indexes) {
    const { name, key, partialFilterExpression } = index.spec;
    if (equalValues(index.spec, spec)) return index;
    if (name === spec.name)
      throw new CommandError(86, `An existing index has the same name as the requested index: ${name}`);
    if (equalValues(key, spec.key) && equalValues(partialFilterExpression, spec.partialFilterExpression))
      throw new CommandError(85, `Index already exists with a different name or options: ${name}`);
  }
  return undefined;
}

const createIndexes: Command = ({ store }, body, sections) => {
  checkOptions("createIndexes", body, "indexes commitQuorum");
  const { db, name } = nameOption(body, "createIndexes");
  const specs = itemsOption(body, sections, "indexes").map(parseIndex);
  return store.transaction(() => {
    const found = store.catalog.find(db, name);
    const collection = found ?? store.catalog.create(db, name);
    const before = collection.indexes.length;
    for (const spec of specs) {
      if (existingIndex(collection, spec) === undefined)
        store.build(collection, store.catalog.addIndex(collection, spec));
    }
    return {
      numIndexesBefore: before,
      numIndexesAfter: collection.indexes.length,
      createdCollectionAutomatically: found === undefined,
    };
  });
};

const dropIndexes: Command = (context, body) => {
  checkOptions("dropIndexes", body, "index");
  const { db, name } = nameOption(body, "dropIndexes");
  const collection = requireCollection(context, db, name);
  const { index: wanted } = body;
  const [byId, ...others] = collection.indexes;
  const nIndexesWas = collection.indexes.length;
  const names = [wanted].flat();
  if (names.includes(byId.spec.name)) throw new CommandError(72, "cannot drop _id index");
  const dropped = others.filter(({ spec }) => wanted === "*" || names.includes(spec.name));
  if (dropped.length === 0 && wanted !== "*")
    throw new CommandError(27, `index not found with name [${JSON.stringify(wanted)}]`);
  context.store.transaction(() => {
    context.store.flush(collection);
    for (const index of dropped) context.store.catalog.dropIndex(collection, index);
  });
  return { nIndexesWas };
};

const listIndexes: Command = (context, body) => {
  checkOptions("listIndexes", body, "cursor");
  const { db, name, namespace } = nameOption(body, "listIndexes");
  const collection = requireCollection(context, db, name);
  return context.cursors.open(
    namespace,
    collection.indexes.map(({ spec }) => serialize(spec)),
    1000,
  );
};

const listCollections: Command = ({ store, cursors }, body) => {
  checkOptions("listCollections", body, "filter nameOnly cursor authorizedCollections");
  const matches = compileConditions(parseFilter(objectOption(body, "filter")));
  const db = String(body.$db);
  const documents = store.catalog
    .list(db)
    .map(({ name }) => ({ name, type: "collection", options: {}, info: { readOnly: false } }))
    .filter((info) => matches(info))
    .map((info) => serialize(body.nameOnly === true ? { name: info.name, type: info.type } : info));
  return cursors.open(`${db}.$cmd.listCollections`, documents, Number.POSITIVE_INFINITY);
};

const create: Command = ({ store }, body) => {
  checkOptions("create", body, "");
  const { db, name, namespace } = nameOption(body, "create");
  if (store.catalog.find(db, name) === undefined) store.transaction(() => store.catalog.create(db, name));
  else throw new CommandError(48, `Collection already exists. NS: ${namespace}`);
  return {};
};

const drop: Command = (context, body) => {
  checkOptions("drop", body, "");
  const { db, name, namespace } = nameOption(body, "drop");
  const collection = context.store.catalog.find(db, name);
  if (collection === undefined) return {};
  context.store.transaction(() => {
    context.store.flush(collection);
    context.store.catalog.drop(collection);
  });
  return { ns: namespace, nIndexesWas: collection.indexes.length };
};

const dropDatabase: Command = ({ store }, body) => {
  checkOptions("dropDatabase", body, "");
  const db = String(body.$db);
  store.transaction(() => {
    for (const collection of store.catalog.list(db)) {
      store.flush(collection);
      store.catalog.drop(collection);
    }
  });
  return { dropped: db };
};

const listDatabases: Command = ({ store }, body) => {
  checkOptions("listDatabases", body, "nameOnly");
  const names = new Set(store.catalog.list().map(({ db }) => db));
  return { databases: [...names].map((name) => ({ name, empty: false })) };
};

export const adminCommands: Record<string, Command> = {
  createIndexes,
  dropIndexes,
  listIndexes,
  listCollections,
  create,
  drop,
  dropDatabase,
  listDatabases,
};
