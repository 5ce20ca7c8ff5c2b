import { addDays, type Calendar, createCalendar, dayNumber } from "./calendar.ts";
import type { MetricKey } from "./metrics.ts";
import { dayLabel, shortDay } from "./period.ts";
import type { Figure, Report, Row } from "./report.ts";
import { formatCount } from "./words.ts";

/** From the first of January 1970 on. */
const weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const RECENT_DAYS = 7;
const BARS = "▁▂▃▄▅▆▇█";

/** `09:41` in the calendar's zone. */
export function formatTime(at: Date, calendar: Calendar): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(calendar.timeZone);
  return time.toPlainTime().toString({ smallestUnit: "minute" });
}

/** An instant in a reader's words: `today 09:41`, `yesterday 17:02`, `Tue 17 Nov 08:15`, `3 Feb 2025`. */
export function formatInstant(at: Date, now: Date, calendar: Calendar): string {
  const day = calendar.dayOf(at.getTime());
  const today = calendar.dayOf(now.getTime());
  const time = formatTime(at, calendar);
  if (day === today) return `today ${time}`;
  if (day === addDays(today, -1)) return `yesterday ${time}`;
  if (day < today && day > addDays(today, -RECENT_DAYS)) {
    return `${weekdays[dayNumber(day) % 7]} ${shortDay(day)} ${time}`;
  }
  return day.slice(0, 4) === today.slice(0, 4) ? `${shortDay(day)} ${time}` : dayLabel(day);
}

/** The same for what is read on another day than it was written: `17 Nov 2026 08:15`. */
export function formatMoment(at: Date, calendar: Calendar): string {
  return `${dayLabel(calendar.dayOf(at.getTime()))} ${formatTime(at, calendar)}`;
}

/** The change of a figure that is compared: `▲ 12 %`, `▼ 3 %`, `–` for none, `new` where there was nothing before. */
export function formatDelta({ value, previous }: Pick<Figure, "value" | "previous">): string {
  if (value === previous) return "–";
  if (previous === 0) return "new";
  const percent = Math.round((Math.abs(value - previous) / previous) * 100);
  return `${value > previous ? "▲" : "▼"} ${percent === 0 ? "<1" : formatCount(percent)} %`;
}

/** Eight levels of bars from zero to the greatest of the values; nothing where all are zero. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(0, ...values);
  if (most === 0) return "";
  return values.map((value) => BARS[Math.min(7, Math.floor((value / most) * 7.999))]).join("");
}

const SPARK_POINTS = 8;

/** A metric's trend in at most eight parts of equal length, as a sparkline. */
export function trendSparkline(rows: readonly Row[], key: MetricKey): string {
  const size = Math.max(1, Math.ceil(rows.length / SPARK_POINTS));
  const sums: number[] = [];
  // Counted from the end, so that the last part is a whole one.
  for (let end = rows.length; end > 0; end -= size) {
    sums.unshift(
      rows.slice(Math.max(0, end - size), end).reduce((sum, row) => sum + Number(row[key] ?? 0), 0),
    );
  }
  if (rows.length % size !== 0 && sums.length > 2) sums.shift();
  return sparkline(sums);
}

/** The rows of a report's trend up to the moment that it is about: a day to come is no day without use. */
export function elapsedTrend({
  charts,
  asOf,
  period,
}: Pick<Report, "charts" | "asOf" | "period">): readonly Row[] {
  const rows = charts.find((chart) => chart.id === "trend")?.rows ?? [];
  const lastDay = createCalendar(period.timeZone).dayOf(asOf.getTime());
  return rows.filter((row) => String(row.day) <= lastDay);
}

/** A text from outside on one line: control characters, which could steer a terminal, become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}

const units = ["bytes", "KB", "MB", "GB"];

/** A size in a reader's words: `812 bytes`, `41 KB`, `1.4 MB`. A KB has 1,000 bytes. */
export function formatSize(bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1_000 ** step;
  return `${step > 0 && value < 10 ? value.toFixed(1) : formatCount(Math.round(value))} ${units[step]}`;
}
