import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchCharts } from "./charts.ts";
import { benchCollect } from "./collect.ts";
import { benchFiles } from "./files.ts";
import { benchIntake, type IntakeBench } from "./intake.ts";
import { benchPdf } from "./pdf.ts";
import { benchSchedules } from "./schedules.ts";
import { benchSlack } from "./slack.ts";
import { benchStore, type StoreBench, storeName } from "./store.ts";

// `npm run bench` measures up to a million events; `npm run bench -- 100000` up to so many, at most ten million, which
// are imported in pieces of one.
const most = Number(process.argv[2] ?? 1_000_000);
const sizes = [10_000, 100_000, 1_000_000, 10_000_000].filter((events) => events <= most);
const million = Math.min(most, 1_000_000);
const folder = await mkdtemp(join(tmpdir(), "vault-usage-bench-"));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)} ×`;

try {
  say("Charts, warm (milliseconds; the ratio is what compiling the specification each time would cost)");
  console.table(await benchCharts());

  say(
    "Files of 8 columns (rows a second; megabytes; block: the longest that nothing else could run, milliseconds)",
  );
  const files = await benchFiles(sizes.filter((rows) => rows <= million));
  console.table(files);
  for (const format of ["csv", "xlsx"] as const) {
    const [small, large] = [
      files.find((file) => file.format === format),
      files.findLast((file) => file.format === format),
    ];
    if (small && large && small !== large) {
      say(
        `${format} from ${small.rows} to ${large.rows} rows: rate ${ratio(large.rate, small.rate)}, ` +
          `memory ${ratio(large.memory, small.memory)}`,
      );
    }
  }

  say("PDF (milliseconds, the browser unpacked; kilobytes)");
  console.table(await benchPdf());

  say("Embedded store, a year of events (events a second; megabytes; milliseconds with the process's start)");
  const rows: StoreBench[] = [];
  for (const events of sizes) rows.push(await benchStore(folder, { people: 500, events }));
  const [small, large] = [rows[0], rows.at(-1)];
  rows.push(await benchStore(folder, { people: 500, events: million, ids: false }));
  rows.push(await benchStore(folder, { people: 5_000, events: million }));
  console.table(rows.map(({ pieces, ...row }) => row));
  if (small && large && small !== large) {
    if (large.pieces.length > 1) {
      say(`Memory, piece by piece: ${large.pieces.map(({ memory }) => memory).join(", ")}`);
    }
    say(
      `From ${small.events} to ${large.events} events: import rate ${ratio(large.importRate, small.importRate)}, ` +
        `memory ${ratio(large.memory, small.memory)}, overview ${ratio(large.overview, small.overview)}, ` +
        `user ${ratio(large.user, small.user)}`,
    );
  }

  say("Collecting from a stand-in for Bitwarden (events a second; megabytes)");
  const collected = [];
  for (const events of sizes.filter((size) => size <= 100_000))
    collected.push(await benchCollect(folder, events));
  console.table(collected);
  const [little, much] = collected;
  if (little && much) {
    say(
      `From ${little.events} to ${much.events} events: rate ${ratio(much.rate, little.rate)}, ` +
        `memory ${ratio(much.memory, little.memory)}`,
    );
  }

  say(
    "Events that are sent (events a second that were stored, and that reports saw; milliseconds; megabytes)",
  );
  const sent: IntakeBench[] = [];
  for (const events of sizes.slice(0, 2)) sent.push(...(await benchIntake(events)));
  console.table(sent);

  say("Slack, on the largest store of 500 people (milliseconds)");
  console.table(await benchSlack({ dataDir: join(folder, storeName(500, sizes.at(-1) ?? 0)) }));

  say("Schedules that all fall due at one minute, a fifth of them e-mails (megabytes; milliseconds)");
  const due = [];
  for (const count of [100, 1_000]) due.push(await benchSchedules(count));
  console.table(due.map(({ acks, ...row }) => ({ ...row, ack: acks.median, ackMost: acks.max })));
  const [few, many] = due;
  if (few && many) {
    say(
      `From ${few.schedules} to ${many.schedules} schedules: rate ${ratio(many.rate, few.rate)}, memory ${ratio(many.memory, few.memory)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
