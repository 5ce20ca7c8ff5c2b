import { z } from "zod";
import { isObject } from "../blocks/walk.ts";
import { SlackError } from "../errors.ts";

/** Arguments come as JSON or as a form, where all is text; these accept both and nothing else. */
export const id = z.string().min(1).max(255);
export const string = z.string();
export const flag = z.union([
  z.boolean(),
  z.enum(["true", "false", "1", "0"]).transform((value) => value === "true" || value === "1"),
]);

export const whole = (min: number, max: number) =>
  z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(min).max(max));

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A list of blocks; what is no JSON list is `invalid_blocks_format`. */
export const blocks = z.unknown().transform((value): readonly unknown[] => {
  const list = parsed(value);
  if (!Array.isArray(list)) throw new SlackError("invalid_blocks_format");
  return list;
});

/** A JSON object. */
export const object = z.unknown().transform((value, context) => {
  const json = parsed(value);
  if (isObject(json)) return json;
  context.addIssue({ code: "custom", message: "must provide an object" });
  return z.NEVER;
});

/** A JSON list. */
export const list = z.unknown().transform((value, context): readonly unknown[] => {
  const json = parsed(value);
  if (Array.isArray(json)) return json;
  context.addIssue({ code: "custom", message: "must provide an array" });
  return z.NEVER;
});

export const metadata = object.pipe(
  z.strictObject({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) }),
);

/** Cursor and page size, as all listing methods have them. */
export const paging = { cursor: string.optional(), limit: whole(1, 1000).optional() };

/** One page of a list, with the cursor of the next. Throws `invalid_cursor`. */
export function page<T>(
  items: readonly T[],
  { cursor = "", limit = 100 }: { cursor?: string | undefined; limit?: number | undefined },
): { readonly items: readonly T[]; readonly response_metadata: { readonly next_cursor: string } } {
  const start = cursor === "" ? 0 : Number(/^page:(\d+)$/.exec(decode(cursor))?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) throw new SlackError("invalid_cursor");
  const end = start + limit;
  const next_cursor = end < items.length ? Buffer.from(`page:${end}`).toString("base64") : "";
  return { items: items.slice(start, end), response_metadata: { next_cursor } };
}

function decode(cursor: string): string {
  return Buffer.from(cursor, "base64").toString();
}
