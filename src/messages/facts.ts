import { completenessText } from "../domain/completeness.ts";
import { type ResolvedPeriod, rangeLabel } from "../domain/period.ts";
import type { Report } from "../domain/report.ts";
import { statusMarks, statusTitles } from "../domain/status.ts";
import { fromOutside } from "./limits.ts";

/** Who or what the report is about. */
export function reportTitle({ subject, title }: Report, most: number): string {
  return fromOutside(subject ? (subject.name ?? subject.user) : title, most);
}

/** `24 Oct – 22 Nov 2026 · Europe/Oslo`. */
export function periodText(period: ResolvedPeriod): string {
  return `${rangeLabel(period)} · ${period.timeZone}`;
}

/** What is to be known of the one person that a report is about; `told` writes an instant. */
export function subjectFacts({ subject }: Report, told: (at: Date) => string): string[] {
  if (subject === undefined) return [];
  const { status, user, name, team, lastActive } = subject;
  return [
    ...(name === null ? [] : [fromOutside(user, 120)]),
    `${statusMarks[status]} ${statusTitles[status]}`,
    ...(team === null ? [] : [fromOutside(team, 80)]),
    lastActive ? `last active ${told(lastActive)}` : "never active",
  ];
}

/** How far the data reaches, in words; empty for an empty store. `told` writes an instant. */
export function upToText(report: Report, told: (at: Date) => string): string {
  const text = completenessText(report, told);
  return text === "" ? "" : fromOutside(text, 500);
}

/** How far the data reaches, and what else is to be known of the numbers. */
export function reportNotes(report: Report, told: (at: Date) => string): string[] {
  const upTo = upToText(report, told);
  return [...(upTo === "" ? [] : [upTo]), ...report.notes.map((note) => fromOutside(note, 300))];
}
