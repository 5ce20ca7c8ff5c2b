import { type MetricKey, metricKeys } from "../../src/domain/metrics.ts";
import type { ResolvedPeriod } from "../../src/domain/period.ts";
import type { Chart, Row } from "../../src/domain/report.ts";

export const typical: Record<MetricKey, number> = {
  loginSessions: 62,
  remoteConnections: 9,
  passwordsAccessed: 41,
  passwordsAutofilled: 118,
  accountsAdded: 3,
  latestLogins: 35,
};

/** Rows of a trend with working days and weekends, the same for the same arguments. */
export function trendRows(
  from: string,
  days: number,
  scale: Partial<Record<MetricKey, number>> = typical,
): Row[] {
  const first = Temporal.PlainDate.from(from);
  return Array.from({ length: days }, (_, index) => {
    const day = first.add({ days: index });
    const busy = day.dayOfWeek > 5 ? 0.06 : 1;
    const counts = metricKeys.map((key, nth) => {
      const wave = 1 + 0.3 * Math.sin(index * (1.3 + nth) + nth);
      return [key, Math.round((scale[key] ?? 0) * busy * wave)];
    });
    return { day: day.toString(), ...Object.fromEntries(counts) };
  });
}

export function trend(rows: readonly Row[], title = "Product usage, last 30 days"): Chart {
  return { id: "trend", title, summary: "Usage per day", rows };
}

export function breakdown(counts: Partial<Record<MetricKey, number>>, title = "What Ann did"): Chart {
  const rows = Object.entries(counts).map(([metric, count]) => ({ metric, count }));
  return { id: "breakdown", title, summary: "Activity of Ann", rows };
}

export function periodOf(rows: readonly Row[], label = "last 30 days"): ResolvedPeriod {
  return {
    from: String(rows[0]?.day ?? "2026-10-01"),
    to: String(rows.at(-1)?.day ?? "2026-10-31"),
    timeZone: "Europe/Oslo",
    label,
  };
}
