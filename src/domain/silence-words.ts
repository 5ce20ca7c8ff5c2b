import type { Calendar } from "./calendar.ts";
import { formatMoment, oneLine } from "./format.ts";
import type { Silence } from "./silence.ts";

/**
 * A silence as a sentence without its end: `no event since 17 Nov 2026 18:02, which is longer than usual`. Whole moments,
 * since it is also read later. Only admins are told the reason of a failure.
 */
export function silenceText(silence: Silence, calendar: Calendar, tellsReason: boolean): string {
  const since = `since ${formatMoment(silence.since, calendar)}`;
  switch (silence.kind) {
    case "events":
      return `no event ${since}, which is longer than usual`;
    case "imports":
      return `no file brought anything new ${since}, which is longer than usual`;
    case "collecting":
      return `nothing was collected ${since}`;
    case "failure":
      return `nothing comes ${since}${tellsReason ? `: ${oneLine(silence.reason)}` : ""}`;
  }
}
