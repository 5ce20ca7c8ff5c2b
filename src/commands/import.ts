import { ingest } from "../store/ingest.ts";
import { withLease } from "../store/lease.ts";
import { rollUp } from "../store/rollups.ts";
import { createSummaries } from "../store/summary.ts";
import { claimZone } from "../store/zone.ts";
import type { Command } from "./command.ts";
import { dryRun } from "./import-dry-run.ts";
import { openImport, readInputs } from "./import-inputs.ts";
import { warnOfRetold } from "./import-retold.ts";
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
        const calendar = await claimZone(store, { asked: options.zone, fallback: deps.zone });
        const newSummary = createSummaries();
        const { done, failures } = await readInputs(files, how, deps, (source, records, onRead) =>
          ingest(store, source, records, { calendar, lease, summary: newSummary(), onProgress: onRead }),
        );
        await rollUp(store, {
          calendar,
          lease,
          onProgress: (progress) => onProgress({ what: "Computing", ...progress }),
        });
        const recorded = await recordImports(store, done, deps.clock(), calendar);
        const named = files.length > 1 || done.length > 1;
        const warnings = done.map((each, i) => warnOfRetold(each, recorded[i]?.retold ?? []));
        const lines = done.flatMap((each, i) => [
          describeImport(each, recorded[i]?.result, named, calendar),
          ...(warnings[i] ?? []),
        ]);
        return {
          type: "imports",
          imports: recorded.map(({ result }) => result),
          text: lines.join("\n"),
          warnings: warnings.flat(),
          faults: done.flatMap(faultLines),
          failures: [...failures, ...done.flatMap((each) => failuresOf(each))],
        };
      },
      () => onNotice("Another import is under way; waiting for it to end."),
    );
  },
};
