import type { Calendar } from "../domain/calendar.ts";
import { DIRECTORY } from "../domain/event.ts";
import type { Report } from "../domain/report.ts";
import { silenceText } from "../domain/silence-words.ts";
import { type Source, sources } from "../sources/index.ts";
import { NO_SOURCE } from "../store/feed-documents.ts";
import type { Store } from "../store/open.ts";
import { readSourceStates, type SourceState } from "../store/source-states.ts";

/** The name that a person knows a source by. */
export function sourceTitle(source: string): string {
  if (source === NO_SOURCE) return "Lines of no known vault";
  const known: Readonly<Record<string, Source>> = sources;
  return Object.hasOwn(known, source) ? (known[source]?.title ?? source) : source;
}

/** What is wrong with a source, in a sentence without its end; undefined while nothing is. */
export function warningOf(
  { source, silence }: Pick<SourceState, "source" | "silence">,
  calendar: Calendar,
  tellsReason: boolean,
): string | undefined {
  return silence ? `${sourceTitle(source)}: ${silenceText(silence, calendar, tellsReason)}` : undefined;
}

/**
 * How far the data of each vault reaches as of `now`, and what is silent. What only ever listed members is no vault.
 */
export async function readCompleteness(
  store: Pick<Store, "hours" | "imports" | "feeds">,
  now: number,
  calendar: Calendar,
  tellsReason: boolean,
): Promise<Pick<Report, "sources" | "warnings">> {
  const states = await readSourceStates(store, now, calendar);
  const vaults = states.filter(
    ({ source, lastEvent, feeds }) =>
      lastEvent !== null || (feeds.length > 0 && source !== DIRECTORY && source !== NO_SOURCE),
  );
  return {
    sources: vaults
      .map(({ source, upTo }) => ({ source, title: sourceTitle(source), upTo }))
      .sort((a, b) => (a.title < b.title ? -1 : 1)),
    warnings: states.flatMap((state) => warningOf(state, calendar, tellsReason) ?? []),
  };
}
