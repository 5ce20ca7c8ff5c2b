import { createCalendar, DEFAULT_ZONE } from "../domain/calendar.ts";
import { eventKinds } from "../domain/event.ts";
import { formatCount } from "../domain/words.ts";
import { lookAt } from "../sources/guess-map.ts";
import { createPreview } from "../store/preview.ts";
import type { CommandDeps, CommandOptions } from "./command.ts";
import { type ReadHow, readInputs } from "./import-inputs.ts";
import { createRetold, warnOfRetold } from "./import-retold.ts";
import { describeImport, failuresOf, faultLines, type Imported, resultOf } from "./import-summary.ts";
import type { Reply } from "./reply.ts";

/**
 * What would come of an import. Everything is read and nothing stored, so it waits for no other import. A CSV that no
 * source knows is no failure here: what its columns may mean is the answer.
 */
export async function dryRun(
  files: readonly string[],
  how: ReadHow,
  deps: CommandDeps,
  options: CommandOptions,
): Promise<Extract<Reply, { type: "imports" }>> {
  const { store } = deps;
  const meta = await store.meta.findOne({ _id: "store" });
  const calendar = createCalendar(options.zone ?? meta?.timeZone ?? deps.zone ?? DEFAULT_ZONE);
  const preview = await createPreview(store);
  const { done, failures, tables } = await readInputs(files, how, deps, preview.read);
  // An input further on may name whose accounts these are.
  const imports = done.map((each) => resultOf(each, preview.countPeople(each.summary.accounts)));
  const named = files.length > 1 || done.length > 1;
  const retoldBy = createRetold(store, calendar);
  const warnings: string[][] = [];
  for (const each of done) warnings.push(warnOfRetold(each, await retoldBy(each), true));
  const lines = done.flatMap((each, i) => [
    describeImport(each, imports[i], named, calendar, true),
    ...kindLine(each),
    ...(warnings[i] ?? []),
  ]);
  const refused = failures.filter((line) => !tables.some(({ failure }) => failure === line));
  return {
    type: "imports",
    imports,
    text: [...lines, "This was a dry run: nothing was stored."].join("\n"),
    warnings: warnings.flat(),
    faults: done.flatMap(faultLines),
    failures: [...refused, ...done.flatMap((each) => failuresOf(each, true))],
    tables: tables.map(({ name, table }) => ({
      name,
      facts: lookAt(table),
      rows: table.rows.length,
      timeZone: how.timeZone,
    })),
  };
}

function kindLine({ summary }: Imported): string[] {
  const counts = eventKinds.flatMap((kind) => {
    const count = summary.kinds.get(kind);
    return count === undefined ? [] : [`${kind} ${formatCount(count)}`];
  });
  return counts.length > 0 ? [`  ${counts.join(", ")}`] : [];
}
