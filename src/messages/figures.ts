import { elapsedTrend, formatDelta, trendSparkline } from "../domain/format.ts";
import { metrics } from "../domain/metrics.ts";
import type { Figure, Report } from "../domain/report.ts";
import { formatCount } from "../domain/words.ts";

const MOST = 20;

/** The figures to show: a metric that counts people says nothing of one person. */
function shownFigures({ figures, subject }: Pick<Report, "figures" | "subject">): readonly Figure[] {
  return figures.filter((figure) => subject === undefined || metrics[figure.key].perPerson).slice(0, MOST);
}

/** Each figure with its change and trend, in Slack's formatted text. */
export function figureFields(report: Report): string[] {
  const trend = elapsedTrend(report);
  return shownFigures(report).map((figure) => {
    const numbers = [
      formatCount(figure.value),
      report.compared ? formatDelta(figure) : "",
      trendSparkline(trend, figure.key),
    ];
    // A wide space, since Slack shows several ordinary ones as one.
    return `*${metrics[figure.key].title}*\n${numbers.filter((text) => text !== "").join("\u2003")}`;
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
