import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchCharts } from "./charts.ts";
import { benchFiles } from "./files.ts";
import { benchIntake, type IntakeBench } from "./intake.ts";
import { benchPdf } from "./pdf.ts";
import { benchSchedules } from "./schedules.ts";
import { benchSlack } from "./slack.ts";
import { benchStore, type StoreBench } from "./store.ts";

// `npm run bench` measures up to a million events; `npm run bench -- 100000` up to so many.
const most = Number(process.argv[2] ?? 1_000_000);
const sizes = [10_000, 100_000, 1_000_000].filter((events) => events <= most);
const folder = await mkdtemp(join(tmpdir(), "vault-usage-bench-"));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)} ×`;

try {
  say("Charts, warm (milliseconds; the ratio is what compiling the specification each time would cost)");
  console.table(await benchCharts());

  say(
    "Files of 8 columns (rows a second; megabytes; block: the longest that nothing else could run, milliseconds)",
  );
  const files = await benchFiles(sizes);
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
  for (const events of sizes) rows.push(await benchStore(folder, 500, events));
  rows.push(await benchStore(folder, 5_000, Math.min(most, 1_000_000)));
  console.table(rows);
  const [small, large] = [rows[0], rows.at(-2)];
  if (small && large && small !== large) {
    say(
      `From ${small.events} to ${large.events} events: import rate ${ratio(large.importRate, small.importRate)}, ` +
        `memory ${ratio(large.memory, small.memory)}, overview ${ratio(large.overview, small.overview)}, ` +
        `user ${ratio(large.user, small.user)}`,
    );
  }

  say(
    "Events that are sent (events a second that were stored, and that reports saw; milliseconds; megabytes)",
  );
  const sent: IntakeBench[] = [];
  for (const events of sizes.slice(0, 2)) sent.push(...(await benchIntake(events)));
  console.table(sent);

  say("Slack, on the largest store of 500 people (milliseconds)");
  console.table(await benchSlack({ dataDir: join(folder, `500-${sizes.at(-1)}`) }));

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
