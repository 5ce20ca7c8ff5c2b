import type { Round } from "../collect/index.ts";
import { DEFAULT_ZONE } from "../domain/calendar.ts";
import { formatInstant, oneLine } from "../domain/format.ts";
import { formatCount, orList, plural } from "../domain/words.ts";
import { AppError, ConfigError, UsageError } from "../errors.ts";
import { apiDialectOf, type SourceName, sources } from "../sources/index.ts";
import type { Command, CommandDeps } from "./command.ts";
import { createRetold, warnOfRetold } from "./import-retold.ts";

/** What one vault gave, as `collect --json` prints it. */
interface Collected {
  readonly source: SourceName;
  readonly read: number;
  readonly added: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly members: number;
  /** Everything that the vault knew to have happened before is in the store; UTC. */
  readonly upTo: Date;
}

/** Gets what is new from the vaults, as the app does by itself every few minutes. */
export const collectCommand: Command = {
  words: "collect [SOURCE…] [since DATE]",
  help: "get what is new from the vaults that COLLECT_* settings name, now; with a day, everything since then again",
  examples: ["collect", "collect bitwarden since 2026-01-01"],
  where: "terminal",
  audience: "admins",
  needs: "store",
  async run(words, deps) {
    const { store, clock, zone, onNotice } = deps;
    const collector = await deps.collector();
    const { names, since } = parse(words, collector.sources, clock());
    await store.prepare();
    const collected: Collected[] = [];
    const failures: string[] = [];
    const warnings: string[] = [];
    const calendar = await store.calendar(zone ?? DEFAULT_ZONE);
    const retoldBy = createRetold(store, calendar);
    for (const source of names) {
      const { title } = sources[source];
      try {
        const round = await collector.collect(source, {
          since,
          onProgress: progressOf(deps, title),
          onWait: () =>
            onNotice(`${title} is being collected from by another process; waiting for it to end.`),
        });
        collected.push(resultOf(source, round));
        const told = { source, dialect: apiDialectOf(source), summary: round };
        warnings.push(...warnOfRetold(told, await retoldBy(told)));
      } catch (error) {
        // The others are worth having.
        if (!(error instanceof AppError)) throw error;
        failures.push(error.userMessage ?? error.message);
      }
    }
    const now = new Date(clock());
    const lines = collected.map((each) => describe(each, formatInstant(each.upTo, now, calendar)));
    return {
      type: "text",
      text: [...lines, ...warnings].join("\n"),
      data: collected,
      problems: { warnings, failures },
    };
  },
};

function parse(
  words: readonly string[],
  known: readonly SourceName[],
  now: number,
): { readonly names: readonly SourceName[]; readonly since: number | undefined } {
  if (known.length === 0) {
    throw new ConfigError(
      "nothing is set up to be collected: set COLLECT_BITWARDEN_CLIENT_ID and COLLECT_BITWARDEN_CLIENT_SECRET, COLLECT_ONEPASSWORD_TOKEN or COLLECT_KEEPER_TOKEN",
    );
  }
  const place = words.findIndex((word) => word.toLowerCase() === "since");
  const typed = place < 0 ? words : words.slice(0, place);
  const names = typed.map((word) => {
    const name = known.find((each) => each === word.toLowerCase());
    if (name !== undefined) return name;
    throw new UsageError(`“${oneLine(word).slice(0, 40)}” is not collected; right would be ${orList(known)}`);
  });
  if (place < 0) return { names: names.length > 0 ? names : known, since: undefined };
  const [day = "", ...more] = words.slice(place + 1);
  const since = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  if (!(since < now) || more.length > 0) {
    throw new UsageError(
      `since takes a day of the past such as 2026-01-01, not “${oneLine(day).slice(0, 40)}”`,
    );
  }
  return { names: names.length > 0 ? names : known, since };
}

const progressOf =
  ({ onProgress }: Pick<CommandDeps, "onProgress">, title: string) =>
  (at: number, from: number, to: number): void =>
    onProgress({ what: `Collecting ${title}`, done: at - from, total: to - from });

function resultOf(
  source: SourceName,
  { read, added, duplicates, rejected, members, upTo }: Round,
): Collected {
  return { source, read, added, duplicates, rejected, members, upTo: new Date(upTo) };
}

function describe({ source, read, added, rejected, members }: Collected, upTo: string): string {
  const counts = [
    `${plural(read, "record")} read`,
    `${plural(added, "event")} added`,
    members > 0 ? `${plural(members, "member")} listed` : [],
    rejected > 0 ? `${formatCount(rejected)} rejected` : [],
  ].flat();
  return `${sources[source].title}: ${counts.join(", ")}; complete up to ${upTo}`;
}
