import { CommandError, refuse } from "./errors.ts";
import { parsePath } from "./paths.ts";
import { type Doc, isPlainObject } from "./values.ts";

export const isFlag = (value: unknown) => typeof value === "boolean" || typeof value === "number";

/**
 * The fields that a projection keeps, `_id` among them unless it says otherwise. Only whole fields can be kept,
 * and none but `_id` left out: throws 31254 for a mixture and 2 for what is not supported. `computing` says that
 * an aggregation computes other fields besides.
 */
export function parseProjection(spec: Doc, computing = false): ReadonlySet<string> {
  const keeping = computing || Object.values(spec).some(Boolean);
  const fields = new Set(["_id"]);
  for (const [name, flag] of Object.entries(spec)) {
    if (isPlainObject(flag)) refuse(2, `the projection ${JSON.stringify(flag)} of '${name}'`);
    if (!isFlag(flag)) refuse(2, `the projection of '${name}' that is neither a number nor a boolean`);
    if (parsePath(name).length > 1) refuse(2, `the path '${name}' in a projection`);
    if (flag) fields.add(name);
    else if (!keeping) refuse(2, `a projection that only leaves out '${name}'`);
    else if (name === "_id") fields.delete(name);
    else throw new CommandError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
  }
  return fields;
}
