import { type Calendar, createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { UsageError } from "../errors.ts";
import { ingest } from "../store/ingest.ts";
import { withLease } from "../store/lease.ts";
import type { Store } from "../store/open.ts";
import { rollUp } from "../store/rollups.ts";
import { createSummaries } from "../store/summary.ts";
import type { Command, CommandDeps, CommandOptions } from "./command.ts";
import { dryRun } from "./import-dry-run.ts";
import { openImport, readInputs } from "./import-inputs.ts";
import { describeImport, failuresOf, faultLines, recordImports } from "./import-summary.ts";

/** Reads vault exports into the store. */
export const importCommand: Command = {
  words: "import FILE… [--source NAME]",
  help: "read a vault's export: events or a member list, packed with gzip or zip or not; - is standard input",
  examples: [
    "import members.json events-*.json.gz",
    "import - --source plain",
    "import log.csv --dry-run",
    "import log.csv --map map.json",
  ],
  where: "terminal",
  audience: "admins",
  needs: "store",
  async run(files, deps, options) {
    const how = await openImport(files, options);
    if (options.dryRun) return dryRun(files, how, deps, options);
    const { store, onProgress, onNotice } = deps;
    await store.prepare();
    return withLease(
      store,
      "ingest",
      async (lease) => {
        const calendar = await claimZone(store, deps, options);
        const newSummary = createSummaries();
        const { done, failures } = await readInputs(files, how, deps, (source, records, onRead) =>
          ingest(store, source, records, { calendar, lease, summary: newSummary(), onProgress: onRead }),
        );
        await rollUp(store, {
          calendar,
          lease,
          onProgress: (progress) => onProgress({ what: "Computing", ...progress }),
        });
        const imports = await recordImports(store, done, deps.clock());
        const named = files.length > 1 || done.length > 1;
        const text = done.map((each, i) => describeImport(each, imports[i], named, calendar)).join("\n");
        const faults = done.flatMap(faultLines);
        return {
          type: "imports",
          imports,
          text,
          faults,
          failures: [...failures, ...done.flatMap((each) => failuresOf(each))],
        };
      },
      () => onNotice("Another import is under way; waiting for it to end."),
    );
  },
};

/** The store's zone. The first import into an empty store sets it. */
async function claimZone(store: Store, deps: CommandDeps, options: CommandOptions): Promise<Calendar> {
  const meta = await store.meta.findOne({ _id: "store" });
  const wanted = options.zone ?? deps.zone ?? DEFAULT_ZONE;
  const isEmpty = meta === null || (await store.events.findOne({})) === null;
  if (isEmpty) {
    await store.meta.updateOne(
      { _id: "store" },
      { $set: { timeZone: wanted }, $setOnInsert: { dataUpTo: null } },
      { upsert: true },
    );
    return createCalendar(wanted);
  }
  if (options.zone !== undefined && options.zone !== meta.timeZone) {
    throw new UsageError(
      `the store's days are those of ${meta.timeZone}; “rebuild --time-zone ${options.zone}” changes them`,
    );
  }
  return createCalendar(meta.timeZone);
}
