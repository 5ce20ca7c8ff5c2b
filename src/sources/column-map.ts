import { z } from "zod";
import { timeZoneOf } from "../domain/calendar.ts";
import { eventKinds } from "../domain/event.ts";
import { oneLine } from "../domain/format.ts";
import { nearest, orList } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { type TimeFormat, timeFormats } from "./map-time.ts";

const column = z.string("the name of a column").trim().min(1, "the name of a column");
const kind = z.enum(eventKinds, {
  error: ({ input }) => `one of ${eventKinds.join(", ")}${meant(input, eventKinds)}`,
});

/** As people write it: seconds are optional in the times, and so in the word for them. */
const timeFormat = z
  .string(`one of ${timeFormats.join(", ")}`)
  .transform((text) => text.trim().replace(/ HH:mm(?:\[:ss\])?$|(?<=YYYY)$/, " HH:mm:ss"))
  .refine((text): text is TimeFormat => timeFormats.includes(text as TimeFormat), {
    error: ({ input }) => `one of ${timeFormats.join(", ")}${meant(input, timeFormats)}`,
  });

const shape = z.strictObject({
  at: column,
  timeFormat: timeFormat.optional(),
  timeZone: z
    .string("an IANA name such as Europe/Oslo")
    .refine((name) => timeZoneOf(name) !== undefined, "an IANA name such as Europe/Oslo")
    .transform((name) => timeZoneOf(name) ?? name)
    .optional(),
  user: column,
  email: column.optional(),
  name: column.optional(),
  kind: z.strictObject(
    { column, values: z.record(z.string(), kind, "an object from values of the column to kinds") },
    'such as {"column":"Action","values":{"Sign in":"login"}}',
  ),
  id: column.optional(),
  session: column.optional(),
  device: column.optional(),
  item: column.optional(),
});

/** Which column of a CSV says what, and what the words of one of them mean. */
export type ColumnMap = z.output<typeof shape>;

/** The fields of a map that name a column of their own. */
export const columnRoles = ["at", "user", "email", "name", "id", "session", "device", "item"] as const;

/** The columns that a map names. */
export function columnsOf(map: ColumnMap): string[] {
  return [...columnRoles.flatMap((role) => map[role] ?? []), map.kind.column];
}

/** Reads a map. `name` is what messages call it. @throws UsageError of one line that says what would be right */
export function parseColumnMap(text: string, name: string): ColumnMap {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new UsageError(`${name} is no JSON; import FILE --dry-run makes a map of a CSV's columns`);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map((part) => oneLine(String(part)).slice(0, 60)) ?? [];
  if (issue?.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    const known = path.length === 0 ? Object.keys(shape.shape) : ["column", "values"];
    const close = meant(key, known) || `; there are ${orList(known)}`;
    throw new UsageError(`${name} has a field “${oneLine(key).slice(0, 60)}” that is not known${close}`);
  }
  const field = path.length === 0 ? "it" : `“${path.join(" › ")}”`;
  const right = path.length === 0 ? "a JSON object with at, user and kind" : issue?.message;
  throw new UsageError(`${name} is no column map: ${field} has to be ${right}`);
}

/** `; did you mean login?` where a word is close to one that is right. */
export function meant(input: unknown, right: readonly string[]): string {
  const close = typeof input === "string" ? nearest(input, right) : [];
  return close.length > 0 ? `; did you mean ${orList(close)}?` : "";
}
