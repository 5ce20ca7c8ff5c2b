import { CommandError, refuse } from "./errors.ts";
import { parsePath } from "./paths.ts";
import { type Doc, isPlainObject } from "./values.ts";

/** Fields to keep or to leave out, as a tree of their paths. */
interface Tree {
  [name: string]: Tree | true;
}

export interface Projection {
  readonly apply: (doc: Doc) => Doc;
  /** The top-level fields that are needed to make the result; all of them if undefined. */
  readonly fields: ReadonlySet<string> | undefined;
}

const isFlag = (value: unknown) => typeof value === "boolean" || typeof value === "number";

function buildTree(paths: readonly string[]): Tree {
  const root: Tree = {};
  for (const path of paths) {
    const parts = parsePath(path);
    let node = root;
    parts.forEach((part, i) => {
      const last = i === parts.length - 1;
      const inner = node[part];
      if (inner === true || (inner !== undefined && last))
        throw new CommandError(31249, `Path collision at ${path}`);
      if (last) node[part] = true;
      else {
        const next = inner ?? {};
        node[part] = next;
        node = next;
      }
    });
  }
  return root;
}

function keep(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => keep(item, tree)).filter((item) => item !== undefined);
  if (!isPlainObject(value)) return undefined;
  const kept: Doc = {};
  for (const [name, inner] of Object.entries(value)) {
    const node = tree[name];
    const result = node === true ? inner : node === undefined ? undefined : keep(inner, node);
    if (result !== undefined) kept[name] = result;
  }
  return kept;
}

function leaveOut(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => leaveOut(item, tree));
  if (!isPlainObject(value)) return value;
  const kept: Doc = {};
  for (const [name, inner] of Object.entries(value)) {
    const node = tree[name];
    if (node === undefined) kept[name] = inner;
    else if (node !== true) kept[name] = leaveOut(inner, node);
  }
  return kept;
}

/**
 * Compiles a projection of fields to keep, or of fields to leave out. Throws 31253 or 31254 for a mixture and 2
 * for anything that is not a number or a boolean. `computed` are the names that an aggregation computes besides.
 */
export function compileProjection(spec: Doc, computed: readonly string[] = []): Projection {
  const others = Object.keys(spec).filter((name) => name !== "_id");
  const id = Object.hasOwn(spec, "_id") ? Boolean(spec._id) : undefined;
  for (const [name, flag] of Object.entries(spec)) {
    if (isPlainObject(flag)) refuse(2, `the projection ${JSON.stringify(flag)} of '${name}'`);
    if (!isFlag(flag)) refuse(2, `the projection of '${name}' that is neither a number nor a boolean`);
  }
  const inclusion = computed.length > 0 || (others[0] === undefined ? id === true : Boolean(spec[others[0]]));
  for (const name of others) {
    if (Boolean(spec[name]) === inclusion) continue;
    const [code, text] = inclusion ? [31254, "exclusion"] : [31253, "inclusion"];
    throw new CommandError(
      code,
      `Cannot do ${text} on field ${name} in ${inclusion ? "inclusion" : "exclusion"} projection`,
    );
  }
  if (!inclusion) {
    if (id === true && others.length > 0)
      refuse(31254, "Cannot do inclusion on field _id in exclusion projection");
    const tree = buildTree(id === false ? ["_id", ...others] : others);
    return { apply: (doc) => leaveOut(doc, tree) as Doc, fields: undefined };
  }
  const tree = buildTree(id === false ? others : ["_id", ...others]);
  buildTree([...others, ...computed]);
  return { apply: (doc) => keep(doc, tree) as Doc, fields: new Set(Object.keys(tree)) };
}
