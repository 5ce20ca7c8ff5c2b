import { randomInt } from "node:crypto";
import { describeRule } from "../domain/recurrence.ts";
import type { RunKind, ScheduleDocument } from "../store/schedule-documents.ts";

/** Easy to read aloud: no letters that look like others. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

export const newScheduleId = (): string =>
  Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join("");

/** The id of the run of a slot; `slot` is in milliseconds since the epoch. */
export function runId(schedule: string, kind: RunKind, slot: number): string {
  return `${schedule} ${kind} ${new Date(slot).toISOString()}`;
}

/** When a schedule runs, for a person: `every Monday 09:00 (Europe/Oslo)`. */
export function whenOf({ rule, zone }: Pick<ScheduleDocument, "rule" | "zone">): string {
  return describeRule(rule, zone);
}
