import type { Calendar } from "../domain/calendar.ts";
import { findRetold, type Told } from "../domain/dialects.ts";
import { rangeLabel } from "../domain/period.ts";
import { type Source, sources } from "../sources/index.ts";
import { readOtherDialects } from "../store/dialects.ts";
import type { Store } from "../store/open.ts";
import type { Imported } from "./import-summary.ts";

/** What an input, or a vault's own API, told: in which dialect, and of what time. */
type Dated = Pick<Imported, "source" | "dialect"> & {
  readonly summary: Pick<Imported["summary"], "from" | "to">;
};

/** Says of one input after another which of its days the store, or an input before it, has in another dialect. */
export function createRetold(
  store: Pick<Store, "imports" | "feeds">,
  calendar: Calendar,
): (imported: Dated) => Promise<Told[]> {
  const before: Told[] = [];
  return async ({ source, dialect, summary: { from, to } }) => {
    if (dialect === undefined || from === null || to === null) return [];
    const next = { source, dialect, from: calendar.dayOf(from), to: calendar.dayOf(to) };
    const retold = findRetold(next, [...before, ...(await readOtherDialects(store, next, calendar))]);
    before.push(next);
    return retold;
  };
}

/** A line on each other dialect that may have told the same. */
export function warnOfRetold(
  { source, dialect = "" }: Pick<Imported, "source" | "dialect">,
  retold: readonly Told[],
  isDry = false,
): string[] {
  const titles = (sources as Record<string, Source>)[source]?.dialects ?? {};
  const title = (name: string): string => titles[name] ?? name;
  return retold.map(
    (each) =>
      `  Warning: there are events of ${rangeLabel(each)} from ${title(each.dialect)} already, and those from ${title(dialect)} cannot be matched with them: they ${isDry ? "would" : "may now"} be counted twice, so import only one of both`,
  );
}
