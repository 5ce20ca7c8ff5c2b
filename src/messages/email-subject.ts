import type { Report } from "../domain/report.ts";
import { formatCount } from "../domain/words.ts";
import { peopleSentence } from "./alternative.ts";
import type { EmailDocument, EmailFigure } from "./email-template.ts";
import { clip, fromOutside } from "./limits.ts";

const LONGEST_SUBJECT = 110;
const LONGEST_PREHEADER = 160;
const LONGEST_SENTENCE = 1_000;

/** A sentence that may be missing; a number and its % stay together. */
export function sentence(text: string): string {
  return text.trim() === "" ? "" : fromOutside(text, LONGEST_SENTENCE).replaceAll(" %", "\u00a0%");
}

/** The subject with the first figures, and with the others what a list of mails shows behind it. */
export function announce(
  report: Report,
  parts: { readonly title: string; readonly figures: readonly EmailFigure[]; readonly isTest: boolean },
): Pick<EmailDocument, "subject" | "preheader"> {
  const { people } = report;
  const headline = sentence(report.headline);
  const told = parts.figures.map(figureText);
  const active = people && activeText(people);
  const first = active === null ? told.slice(0, 2) : [active, ...told.slice(0, 1)];
  const [what, more] =
    told.length === 0
      ? [headline.replace(/\.$/, ""), peopleSentence(report)]
      : [first.join(", "), told.slice(active === null ? 2 : 1).join(" · ")];
  const subject = `${parts.isTest ? "Test: " : ""}${parts.title}${what === "" ? "" : `: ${what}`}`;
  return { subject: clip(subject, LONGEST_SUBJECT), preheader: clip(more || headline, LONGEST_PREHEADER) };
}

/** `1,204 login sessions (▼ 3 %)`. */
function figureText({ title, value, delta }: EmailFigure): string {
  const change = delta === "" || delta === "–" ? "" : ` (${delta})`;
  return `${value} ${title.toLowerCase()}${change}`;
}

function activeText({ active, passive, inactive }: NonNullable<Report["people"]>): string {
  return `${formatCount(active)} of ${formatCount(active + passive + inactive)} active`;
}
