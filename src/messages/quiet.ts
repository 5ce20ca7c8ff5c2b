import type { ContextBlock } from "@slack/types";
import type { Row } from "../domain/report.ts";
import { plural } from "../domain/words.ts";
import { contextBlock, fromOutside } from "./limits.ts";

const LINE = 250;

/** Somebody who stopped, in words; `row` is of the inactive report's table, `told` says an instant. */
export function quietText(row: Row, told: (at: Date) => string): string {
  const name = fromOutside(String(row.name ?? row.user), 60);
  const since = row.quietSince instanceof Date ? ` since ${told(row.quietSince)}` : "";
  return `○ ${name}: quiet for ${plural(Number(row.days), "day")}${since}`;
}

/** The same for several, a line each. */
export function quietLines(rows: readonly Row[], told: (at: Date) => string): ContextBlock[] {
  return rows.map((row) => contextBlock(quietText(row, told), LINE));
}
