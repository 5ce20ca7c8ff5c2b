import type { z } from "zod";
import { describe, problemDetails } from "../blocks/problem.ts";
import { SlackError } from "../errors.ts";
import type { Json } from "../types.ts";
import type { World } from "../world.ts";

/** A method of the Web API: what it needs, what it takes, what it does. */
export interface Method {
  /** One of these scopes must be granted; none are needed for an empty list. */
  readonly scopes: readonly string[];
  /** Whose token it takes: the bot's, or the app's own. */
  readonly token: "bot" | "app";
  /** Checks the arguments and does the work. Throws SlackError. */
  run(world: World, args: Json): Json;
}

/** Makes a method from a schema of its arguments; an unknown, missing or ill-typed one is `invalid_arguments`. */
export function method<S extends z.ZodObject>(definition: {
  readonly scopes: readonly string[];
  readonly token?: "bot" | "app";
  readonly args: S;
  readonly run: (world: World, args: z.output<S>) => Json;
}): Method {
  const { scopes, token = "bot", args: schema, run } = definition;
  return {
    scopes,
    token,
    run(world, args) {
      const checked = schema.safeParse(args, { reportInput: true });
      if (checked.success) return run(world, checked.data);
      const problems = checked.error.issues.map((issue) => describe(issue));
      throw new SlackError("invalid_arguments", problemDetails(problems));
    },
  };
}

/** Throws `missing_scope` with what is needed and what is there. */
export function requireScope(
  { settings }: { readonly settings: Pick<World["settings"], "scopes"> },
  scopes: readonly string[],
): void {
  if (scopes.length === 0 || scopes.some((scope) => settings.scopes.includes(scope))) return;
  throw new SlackError("missing_scope", {
    needed: scopes.join(","),
    provided: settings.scopes.join(","),
  });
}
