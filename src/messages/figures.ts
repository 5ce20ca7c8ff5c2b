import { elapsedTrend, formatDelta, trendSparkline } from "../domain/format.ts";
import { metrics } from "../domain/metrics.ts";
import type { Figure, Report } from "../domain/report.ts";
import { formatCount } from "../domain/words.ts";

const MOST = 20;

/** The figures to show: a metric that counts people says nothing of one person. */
function shownFigures({ figures, subject }: Pick<Report, "figures" | "subject">): readonly Figure[] {
  return figures.filter((figure) => subject === undefined || metrics[figure.key].perPerson).slice(0, MOST);
}

/** A figure as texts; what there is nothing to say of is empty. */
export interface FigureRow {
  readonly title: string;
  readonly value: string;
  readonly delta: string;
  /** `from 1,240` or `none before`. */
  readonly before: string;
  /** A sparkline. */
  readonly trend: string;
}

export function figureRows(report: Report): FigureRow[] {
  const trend = elapsedTrend(report);
  return shownFigures(report).map((figure) => ({
    title: metrics[figure.key].title,
    value: formatCount(figure.value),
    delta: report.compared ? formatDelta(figure) : "",
    before: report.compared ? beforeOf(figure) : "",
    trend: trendSparkline(trend, figure.key),
  }));
}

function beforeOf({ value, previous }: Figure): string {
  if (value === previous) return "unchanged";
  return previous === 0 ? "none before" : `from ${formatCount(previous)}`;
}

/** Each figure with its change and trend, in Slack's formatted text. */
export function figureFields(report: Report): string[] {
  return figureRows(report).map(({ title, value, delta, trend }) => {
    // A wide space, since Slack shows several ordinary ones as one.
    return `*${title}*\n${[value, delta, trend].filter((text) => text !== "").join("\u2003")}`;
  });
}

/** Each figure with its change in words, since a screen reader spells out arrows. */
export function figureSentences(report: Report): string[] {
  return shownFigures(report).map((figure) => {
    const { value, previous, key } = figure;
    const change = report.compared ? ` (${changeInWords({ value, previous })})` : "";
    return `${metrics[key].title}: ${formatCount(value)}${change}`;
  });
}

function changeInWords(figure: Pick<Figure, "value" | "previous">): string {
  const { value, previous } = figure;
  if (value === previous) return "unchanged";
  if (previous === 0) return "new, none before";
  const percent = formatDelta(figure).slice(2);
  return `${value > previous ? "up" : "down"} ${percent} from ${formatCount(previous)}`;
}
