import { HOUR } from "../domain/silence.ts";
import type { Store } from "./open.ts";

/**
 * An hour in which a source had an event. `_id` is `<source> <hour of UTC>`, as `bitwarden 2026-11-20T09`, so that in its
 * order the hours of each source follow one another.
 */
export interface SourceHourDocument {
  _id: string;
  /** The last event of that hour. */
  lastAt: Date;
}

/** The `_id` of the hour in which an instant lies. */
export function hourId(source: string, at: number): string {
  return `${source} ${new Date(at).toISOString().slice(0, 13)}`;
}

/** The last hour of a source in which something happened, that of the moment `until` at the latest. */
export function lastHour(
  { hours }: Pick<Store, "hours">,
  source: string,
  until?: number,
): Promise<SourceHourDocument | null> {
  const own = boundsOf(source);
  const _id = until === undefined ? own : { $gte: own.$gte, $lte: hourId(source, until) };
  return hours.findOne({ _id }, { sort: { _id: -1 } });
}

/** The beginnings of the hours from one moment to another in which a source had events, in order. */
export async function readHours(
  { hours }: Pick<Store, "hours">,
  source: string,
  from: number,
  to: number,
): Promise<number[]> {
  const _id = { $gte: hourId(source, from), $lte: hourId(source, to) };
  const found = await hours.find({ _id }, { sort: { _id: 1 } }).toArray();
  return found.map(({ lastAt }) => Math.floor(lastAt.getTime() / HOUR) * HOUR);
}

/** The sources that have hours; looks at one document of each. */
export async function sourcesWithHours({ hours }: Pick<Store, "hours">): Promise<string[]> {
  const sources: string[] = [];
  for (let after = ""; ; ) {
    const next = await hours.findOne({ _id: { $gt: after } }, { sort: { _id: 1 } });
    if (next === null) return sources;
    const source = next._id.slice(0, next._id.lastIndexOf(" "));
    sources.push(source);
    after = boundsOf(source).$lt;
  }
}

/** The last event that any file of a source held, by what imports noted. */
export async function lastImported(
  { imports }: Pick<Store, "imports">,
  source: string,
): Promise<Date | null> {
  const last = await imports.findOne({ source, to: { $ne: null } }, { sort: { to: -1 } });
  return last?.to ?? null;
}

/** Every hour of one source is between these two. */
function boundsOf(source: string): { readonly $gte: string; readonly $lt: string } {
  return { $gte: `${source} `, $lt: `${source}!` };
}
