import type { KnownBlock } from "@slack/types";
import type { Report } from "../domain/report.ts";
import { plural } from "../domain/words.ts";
import { fromOutside, limits, sectionBlock } from "./limits.ts";

const MOST = 4;
const LONGEST = 200;

/** What a reader has to know before the numbers: which sources are silent. Few and short. */
export function warningTexts({ warnings }: Pick<Report, "warnings">): string[] {
  const told = warnings.slice(0, MOST).map((warning) => fromOutside(warning, LONGEST));
  const more = warnings.length - told.length;
  return more > 0 ? [...told, `the same of ${plural(more, "more source")}`] : told;
}

/** The same as a block, if there is anything. The sign is read out, too. */
export function warningBlocks(report: Pick<Report, "warnings">): KnownBlock[] {
  const lines = warningTexts(report).map((text) => `⚠ ${text}`);
  return lines.length === 0 ? [] : [sectionBlock(lines.join("\n"), limits.section)];
}
