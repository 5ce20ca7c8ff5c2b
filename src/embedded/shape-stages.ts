import { CommandError, refuse } from "./errors.ts";
import { compileExpression } from "./expression.ts";
import { parsePath, valueAt, withValueAt } from "./paths.ts";
import { compileProjection } from "./projection.ts";
import { alsoNeeding, mapped, nothing, objectSpec, onlyFields, type Stage } from "./stage.ts";
import { type Doc, isPlainObject, typeName } from "./values.ts";

const isFlag = (value: unknown) => typeof value === "boolean" || typeof value === "number";
const isNested = (value: unknown): value is Doc =>
  isPlainObject(value) && Object.keys(value)[0]?.startsWith("$") !== true;

export function projectStage(spec: unknown): Stage {
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

export function addFieldsStage(spec: unknown): Stage {
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

export function unsetStage(spec: unknown): Stage {
  const names = Array.isArray(spec) ? spec : [spec];
  if (names.length === 0 || !names.every((name) => typeof name === "string"))
    throw new CommandError(31002, "$unset specification must be a string or an array of strings");
  const { apply } = compileProjection(Object.fromEntries(names.map((name) => [name, 0])));
  return { needs: (after) => after, run: (docs) => mapped(docs, apply) };
}

export function unwindStage(spec: unknown): Stage {
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

export function replaceRootStage(spec: unknown): Stage {
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

export function newRoot(spec: unknown): Stage {
  const options = objectSpec("$replaceRoot", 40229, spec);
  onlyFields("$replaceRoot", options, ["newRoot"]);
  return replaceRootStage(options.newRoot);
}
