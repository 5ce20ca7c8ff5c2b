import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { openEmbedded } from "../src/embedded/index.ts";

const people = 500;
const kinds = ["login", "password_accessed", "password_autofilled", "remote_connection"];
const firstDay = Date.UTC(2026, 0, 1);
const dayLength = 86_400_000;

interface Event {
  _id: string;
  account: string;
  kind: string;
  at: Date;
  day: string;
  session?: string;
}

function makeEvent(i: number): Event {
  const at = new Date(firstDay + ((i * 7_919) % 365) * dayLength + (i % 1440) * 60_000);
  return {
    _id: `plain:e${(i * 2_654_435_761) % 4_294_967_291}`,
    account: `plain/u${i % people}`,
    kind: kinds[i % kinds.length] ?? "other",
    at,
    day: at.toISOString().slice(0, 10),
    ...(i % 3 === 0 ? { session: `s${i % 1000}` } : {}),
  };
}

async function timed<T>(run: () => Promise<T>): Promise<[milliseconds: number, result: T]> {
  const start = performance.now();
  const result = await run();
  return [performance.now() - start, result];
}

/** Resident memory of the process, in megabytes; only where there is `/proc`. */
function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

/**
 * Measures the embedded store with `count` events: inserts a second, the same again (all duplicates), 200
 * documents by an index, a year's group of 100,000 rows. Prints a line for each and returns the numbers.
 */
export async function benchEmbedded(count = 100_000): Promise<Record<string, number>> {
  const dataDir = await mkdtemp(join(tmpdir(), "bench-embedded-"));
  const [openMs, store] = await timed(() => openEmbedded({ dataDir }));
  const client = await MongoClient.connect(store.uri, { ignoreUndefined: true });
  const db = client.db("bench");
  const events = db.collection<Event>("events");
  await events.createIndex({ account: 1, at: 1 });
  await events.createIndex(
    { account: 1, session: 1, at: 1 },
    { partialFilterExpression: { session: { $exists: true } } },
  );
  const insertAll = async () => {
    for (let from = 0; from < count; from += 1000) {
      const batch = Array.from({ length: Math.min(1000, count - from) }, (_, i) => makeEvent(from + i));
      await events.insertMany(batch, { ordered: false }).catch(() => {});
    }
  };
  const [insertMs] = await timed(insertAll);
  const [againMs] = await timed(insertAll);
  // The first read of an index writes the entries that wait since the import.
  const read = () => events.find({ account: "plain/u7" }).sort({ at: -1 }).limit(200).toArray();
  await read();
  const [readMs] = await timed(read);

  const daily = db.collection("usage_daily");
  await daily.createIndex({ day: 1, person: 1 });
  const rows = Array.from({ length: 100_000 }, (_, i) => ({
    day: new Date(firstDay + (i % 200) * dayLength).toISOString().slice(0, 10),
    person: `p${Math.floor(i / 200)}`,
    loginSessions: i % 3,
    remoteConnections: i % 2,
    passwordsAccessed: i % 7,
    passwordsAutofilled: i % 11,
    accountsAdded: 0,
    latestLogins: 1,
    lastActive: new Date(firstDay + i * 1000),
  }));
  await daily.insertMany(rows.map((row) => ({ ...row })));
  const sums = Object.keys(rows[0] ?? {})
    .slice(2, 8)
    .map((name) => [name, { $sum: `$${name}` }]);
  const report = [
    { $match: { day: { $gte: "2026-01-01", $lte: "2026-12-31" } } },
    { $group: { _id: "$person", ...Object.fromEntries(sums), lastActive: { $max: "$lastActive" } } },
    { $sort: { loginSessions: -1 } },
  ];
  await daily.aggregate(report).toArray();
  const [groupMs, groups] = await timed(() => daily.aggregate(report).toArray());
  const [upsertMs] = await timed(() =>
    daily.bulkWrite(
      rows.slice(0, 10_000).map((row, i) => ({
        replaceOne: { filter: { _id: i as never }, replacement: row, upsert: true },
      })),
    ),
  );
  const { pid } = (await db.command({ buildInfo: 1 })) as unknown as { pid: number };
  const results = {
    openMs: Math.round(openMs),
    insertsPerSecond: Math.round((count / insertMs) * 1000),
    duplicatesPerSecond: Math.round((count / againMs) * 1000),
    read200Ms: Math.round(readMs * 10) / 10,
    group100kMs: Math.round(groupMs),
    groups: groups.length,
    upsertsPerSecond: Math.round((10_000 / upsertMs) * 1000),
    serverPeakMb: memoryOf(pid),
  };
  await client.close();
  await store.close();
  await rm(dataDir, { recursive: true });
  for (const [name, value] of Object.entries(results)) console.log(`embedded ${name.padEnd(20)} ${value}`);
  return results;
}

if (import.meta.main) await benchEmbedded(Number(process.argv[2] ?? 100_000));
