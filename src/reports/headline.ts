import type { MetricKey } from "../domain/metrics.ts";
import type { Figure, StatusCounts } from "../domain/report.ts";
import { formatCount, plural } from "../domain/words.ts";

/** Below these a change is noise and is not told. */
const SMALLEST_CHANGE = 0.02;
const SMALLEST_BASE = 20;
/** Up to this base a percentage misleads without it. */
const SMALL_BASE = 100;
const TOLD = 2;

const subjects: Record<MetricKey, string> = {
  loginSessions: "login sessions",
  remoteConnections: "remote connections",
  passwordsAccessed: "password accesses",
  passwordsAutofilled: "auto-fills",
  accountsAdded: "added accounts",
  latestLogins: "people who signed in",
};

/** The change against the period before, in parts of it; null where there was nothing before. */
function changeOf(figure: Pick<Figure, "value" | "previous">): number | null {
  return figure.previous === 0 ? null : (figure.value - figure.previous) / figure.previous;
}

/** One sentence on the people, one on the largest changes; nothing that the numbers do not say. */
export function buildHeadline(
  people: StatusCounts | null,
  figures: readonly Figure[],
  compared: boolean,
): string {
  const sentences: string[] = [];
  if (people) sentences.push(peopleSentence(people));
  const changes = figures
    .flatMap((figure) => {
      const change = changeOf(figure);
      const tellable =
        compared &&
        change !== null &&
        Math.max(figure.value, figure.previous) >= SMALLEST_BASE &&
        Math.abs(change) >= SMALLEST_CHANGE;
      return tellable ? [{ figure, change }] : [];
    })
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, TOLD);
  if (changes.length > 0) {
    const text = changes.map(({ figure, change }) => changeClause(figure, change)).join("; ");
    sentences.push(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
  } else if (figures.every((figure) => figure.value === 0)) {
    sentences.push("Nothing was recorded in this period.");
  }
  return sentences.join(" ");
}

function peopleSentence({ active, passive, inactive }: StatusCounts): string {
  const all = active + passive + inactive;
  if (all === 0) return "Nobody is known yet.";
  const verb = active === 1 ? "is" : "are";
  return `${formatCount(active)} of ${plural(all, "person", "people")} ${verb} active, ${formatCount(inactive)} inactive.`;
}

function changeClause({ key, value, previous }: Figure, change: number): string {
  const up = key === "latestLogins" ? "rose" : "grew";
  const base = previous < SMALL_BASE ? ` (from ${formatCount(previous)} to ${formatCount(value)})` : "";
  return `${subjects[key]} ${change > 0 ? up : "fell"} by ${percent(change)}${base}`;
}

/** `12 %`, without a sign. */
function percent(change: number): string {
  return `${formatCount(Math.round(Math.abs(change) * 100))} %`;
}
