import { spawn } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { MINUTE } from "../src/domain/calendar.ts";
import { metricKeys, metrics } from "../src/domain/metrics.ts";
import type { Column, Report, Row } from "../src/domain/report.ts";
import { statuses } from "../src/domain/status.ts";
import { type FormatName, formats } from "../src/render/formats.ts";
import { trend, trendRows } from "../test/render/chart-samples.ts";

/** One file: rows a second, seconds, and the most memory of its process and bytes of it, in megabytes. */
export interface FileBench {
  readonly format: FormatName;
  readonly rows: number;
  readonly rate: number;
  readonly seconds: number;
  /** Of all threads: what it costs, however busy the machine is. */
  readonly cpuSeconds: number;
  readonly memory: number;
  readonly size: number;
  /** The longest time that nothing else in the process could run, in milliseconds. */
  readonly block: number;
}

/** Writes reports of so many people as CSV and XLSX, each in a process of its own; nothing is kept of the files. */
export async function benchFiles(
  sizes: readonly number[] = [10_000, 100_000, 1_000_000],
): Promise<FileBench[]> {
  const results: FileBench[] = [];
  for (const format of ["csv", "xlsx"] as const) {
    for (const rows of sizes) results.push(await inChild(format, rows));
  }
  return results;
}

function inChild(format: FormatName, rows: number): Promise<FileBench> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), format, String(rows)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(text) as FileBench);
      else reject(new Error(`${format} of ${rows} rows ended with ${status}`));
    });
  });
}

async function measure(format: FormatName, rows: number): Promise<FileBench> {
  // The first file of a process loads libraries, which a server has done before.
  for await (const _ of formats[format].render(benchReport(10)));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const cpu = process.cpuUsage();
  let size = 0;
  for await (const chunk of formats[format].render(benchReport(rows))) size += chunk.length;
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  return {
    format,
    rows,
    rate: Math.round(rows / seconds),
    seconds: Math.round(seconds * 100) / 100,
    cpuSeconds: Math.round((user + system) / 10_000) / 100,
    memory: Math.round(process.resourceUsage().maxRSS / 1_024),
    size: Math.round(size / 100_000) / 10,
    block: Math.round(delay.max / 1e6),
  };
}

const columns: readonly Column[] = [
  { key: "user", title: "User", short: "User", kind: "text" },
  { key: "name", title: "Name", short: "Person", kind: "text" },
  { key: "status", title: "Activity Status", short: "Status", kind: "status" },
  ...metricKeys
    .slice(0, 4)
    .map((key): Column => ({ key, title: metrics[key].title, short: metrics[key].short, kind: "count" })),
  { key: "lastActive", title: "Last Active", short: "Last active", kind: "instant" },
];

/** A report of so many people, made while it is read. */
function benchReport(total: number): Report {
  const asOf = new Date("2026-11-22T12:00:00Z");
  return {
    report: "users",
    request: { report: "users", period: "last 30 days" },
    title: "Users",
    period: { from: "2026-10-24", to: "2026-11-22", timeZone: "Europe/Oslo", label: "last 30 days" },
    previousPeriod: { from: "2026-09-24", to: "2026-10-23" },
    compared: true,
    asOf,
    dataUpTo: asOf,
    sources: [{ source: "bitwarden", title: "Bitwarden", upTo: asOf }],
    warnings: [],
    headline: "",
    people: null,
    figures: [],
    charts: [trend(trendRows("2026-10-24", 30))],
    tables: {
      users: {
        title: "Users",
        columns,
        total,
        async *rows() {
          for (let i = 0; i < total; i++) {
            const row: Row = {
              user: `person${i}@example.com`,
              name: i % 4 === 0 ? `Åse Nordmann ${i}` : `Person ${i}`,
              status: statuses[i % 3] ?? null,
              loginSessions: i % 60,
              remoteConnections: i % 7,
              passwordsAccessed: i % 900,
              passwordsAutofilled: (i * 31) % 5_000,
              lastActive: i % 10 === 0 ? null : new Date(asOf.getTime() - (i % 500_000) * MINUTE),
            };
            yield row;
          }
        },
      },
    },
    notes: [],
  };
}

const [format, rows] = process.argv.slice(2);
if (import.meta.main && format !== undefined) {
  process.stdout.write(JSON.stringify(await measure(format as FormatName, Number(rows))));
} else if (import.meta.main) console.table(await benchFiles());
