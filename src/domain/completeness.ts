import { oneLine } from "./format.ts";
import type { Report } from "./report.ts";

/** More sources are not told one by one. */
const MOST = 6;

/**
 * How far the data reaches, in words: `data complete up to today 09:58`, or by source where there are several, the one
 * that lags most first: `data complete up to: Keeper Tue 17 Nov 18:02, Bitwarden today 09:58`. Empty for an empty
 * store; `told` writes an instant.
 */
export function completenessText(
  { sources, dataUpTo }: Pick<Report, "sources" | "dataUpTo">,
  told: (at: Date) => string,
): string {
  if (sources.length < 2) {
    const upTo = sources[0]?.upTo ?? dataUpTo;
    return upTo ? `data complete up to ${told(upTo)}` : "";
  }
  const ordered = sources.toSorted((a, b) => (a.upTo?.getTime() ?? 0) - (b.upTo?.getTime() ?? 0));
  const each = ordered
    .slice(0, MOST)
    .map(({ title, upTo }) => `${oneLine(title)} ${upTo ? told(upTo) : "(nothing yet)"}`);
  const more = ordered.length - each.length;
  return `data complete up to: ${[...each, ...(more > 0 ? [`and ${more} more later`] : [])].join(", ")}`;
}
