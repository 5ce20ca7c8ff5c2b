import type { z } from "zod";
import type { Json } from "../types.ts";

type Path = readonly PropertyKey[];

/** One thing that is wrong with blocks or arguments, in Slack's words, and where. */
export interface Problem {
  readonly message: string;
  readonly path: Path;
}

/** Slack's answer for problems: `errors`, and the same again in `response_metadata.messages`. */
export function problemDetails(problems: readonly Problem[]): Json {
  const errors = problems.map(
    ({ message, path }) => `${message} [json-pointer:${path.map((part) => `/${String(part)}`).join("")}]`,
  );
  return { errors, response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) } };
}

/** Checks a value against a schema; the paths begin with `at`. */
export function findProblems(schema: z.ZodType, value: unknown, at: Path): Problem[] {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return [];
  return result.error.issues.map((issue) => describe(issue, at));
}

/** Says one issue of zod as Slack would. */
export function describe(issue: z.core.$ZodIssue, at: Path = []): Problem {
  const path = [...at, ...issue.path];
  const last = String(path.at(-1) ?? "");
  switch (issue.code) {
    case "invalid_type":
    case "invalid_value":
      if (issue.input === undefined)
        return { message: `missing required field: ${last}`, path: path.slice(0, -1) };
      if (last === "type") return { message: `unsupported type: ${String(issue.input)}`, path };
      return { message: `must be ${expectation(issue)}`, path };
    case "too_big":
      if (issue.origin === "string")
        return { message: `must be less than ${Number(issue.maximum) + 1} characters`, path };
      if (issue.origin === "array") return { message: `no more than ${issue.maximum} items allowed`, path };
      return { message: `must be at most ${issue.maximum}`, path };
    case "too_small":
      if (issue.origin === "string")
        return { message: `must be more than ${Number(issue.minimum) - 1} characters`, path };
      if (issue.origin === "array") return { message: `no fewer than ${issue.minimum} items allowed`, path };
      return { message: `must be at least ${issue.minimum}`, path };
    case "unrecognized_keys":
      return { message: `invalid additional property: ${issue.keys.join(", ")}`, path };
    case "invalid_union":
      if (last === "type") {
        const type = (issue.input as Json | undefined)?.type;
        if (type === undefined) return { message: "missing required field: type", path: path.slice(0, -1) };
        return { message: `unsupported type: ${String(type)}`, path };
      }
      return { message: "failed to match all allowed schemas", path };
    default:
      return { message: issue.message, path };
  }
}

function expectation(issue: z.core.$ZodIssueInvalidType | z.core.$ZodIssueInvalidValue): string {
  if (issue.code === "invalid_type") return `a valid ${issue.expected}`;
  return `one of ${issue.values.map(String).join(", ")}`;
}
