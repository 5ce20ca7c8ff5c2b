import type { Row } from "../domain/report.ts";
import { plural } from "../domain/words.ts";
import { fromOutside } from "./limits.ts";

/** A row of the inactive report about somebody who went quiet, in words; `told` writes an instant. */
export function quietText(row: Row, told: (at: Date) => string): string {
  const name = fromOutside(String(row.name ?? row.user), 60);
  const since = row.quietSince instanceof Date ? ` since ${told(row.quietSince)}` : "";
  return `○ ${name}: quiet for ${plural(Number(row.days), "day")}${since}`;
}
