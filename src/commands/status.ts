import { createCalendar } from "../domain/calendar.ts";
import { formatInstant, oneLine } from "../domain/format.ts";
import { formatCount, plural } from "../domain/words.ts";
import { UsageError } from "../errors.ts";
import { sourceTitle } from "../reports/sources.ts";
import type { Command } from "./command.ts";
import { type FeedStatus, readStatus, type SourceStatus, type Status } from "./status-read.ts";

const WORDS_TOLD = 5;

/** What the store holds, and how far. */
export const statusCommand: Command = {
  words: "status",
  help: "how complete the data is, how it comes, what was imported last, and what the store holds",
  examples: ["status"],
  where: "everywhere",
  audience: "admins",
  needs: "store",
  async run(words, deps, options) {
    if (words.length > 0) throw new UsageError("status takes no words");
    const status = await readStatus(deps, options);
    return { type: "text", text: describe(status, options.now ?? deps.clock()), data: status };
  },
};

type Told = (at: Date) => string;

function describe(status: Status, now: number): string {
  const calendar = createCalendar(status.timeZone);
  const instant: Told = (at) => formatInstant(at, new Date(now), calendar);
  const { counts, imports, sources } = status;
  const lines = [
    firstLine(status, instant),
    ...sources.flatMap((each) => sourceLines(each, instant)),
    ...(status.importing ? ["An import is under way, so the numbers may grow."] : []),
    ...(status.stale && !status.importing
      ? ["An import did not end; the next report or import finishes its work."]
      : []),
    "",
    `${plural(counts.people, "person", "people")} (of them ${plural(counts.robots, "service account")}), ${plural(counts.accounts, "account")}`,
    `${plural(counts.events, "event")}, ${plural(counts.sessions, "session")}, ${plural(counts.days, "day")} of somebody’s use`,
    `Days are those of ${status.timeZone} · ${status.store === "MongoDB" ? "MongoDB" : "embedded store"} · version ${status.version}`,
  ];
  if (imports.length > 0) {
    lines.push("", imports.length === 1 ? "Last import" : "Last imports");
    for (const each of imports) {
      const what = `${sourceTitle(each.source)}, ${oneLine(each.name)}`;
      lines.push(`  ${instant(each.at)}  ${what}: ${countsText(each)}`);
    }
  }
  return lines.join("\n");
}

function firstLine({ dataUpTo, sources }: Status, instant: Told): string {
  const vaults = sources.filter(({ upTo }) => upTo !== null);
  if (vaults.length > 1) return "Data complete, vault by vault:";
  const upTo = vaults[0]?.upTo ?? dataUpTo;
  return upTo === null ? "Nothing has been imported yet." : `Data complete up to ${instant(upTo)}.`;
}

/** `Bitwarden: up to today 09:58, collected, last heard of today 10:00`, and below what is to be known of it. */
function sourceLines(
  { title, upTo, dataUpTo, importedAt, warning, feeds }: SourceStatus,
  instant: Told,
): string[] {
  const isOfMembers = upTo === null && feeds.length === 0;
  const last =
    dataUpTo !== null && upTo !== null && dataUpTo.getTime() !== upTo.getTime()
      ? [`last event ${instant(dataUpTo)}`]
      : [];
  const facts = [
    isOfMembers ? "members only" : upTo === null ? "nothing yet" : `up to ${instant(upTo)}`,
    ...last,
    ...(importedAt === null ? [] : [`file read ${instant(importedAt)}`]),
  ];
  return [
    `  ${title}: ${facts.join(", ")}`,
    ...(warning === null ? [] : [`    ⚠ ${warning}`]),
    ...feeds.flatMap((feed) => feedLines(feed, instant)),
  ];
}

const ways: Readonly<Record<string, string>> = {
  collect: "collected",
  post: "sent by HTTP",
  syslog: "sent by syslog",
};

function feedLines(
  { feed, heardAt, read, added, rejected, lastFault, unknown }: FeedStatus,
  instant: Told,
): string[] {
  const [way = "", ...rest] = feed.split(" ");
  // Of the others it is the source that they are told under.
  const who = way === "post" ? `, as ${rest.join(" ")}` : "";
  const how = Object.hasOwn(ways, way) ? `${ways[way]}${who}` : feed;
  const heard = heardAt === null ? "not heard yet" : `last heard ${instant(heardAt)}`;
  const fault =
    lastFault === null ? [] : [`last left out ${instant(lastFault.at)}: ${oneLine(lastFault.reason)}`];
  const words =
    unknown.length === 0
      ? []
      : [
          `kept as other, for their kind is not known: ${unknown.slice(0, WORDS_TOLD).map(oneLine).join(", ")}`,
        ];
  return [
    `    ${oneLine(how)}, ${heard}: ${countsText({ read, added, rejected })}`,
    ...[...fault, ...words].map((line) => `      ${line}`),
  ];
}

function countsText({ read, added, rejected }: Pick<FeedStatus, "read" | "added" | "rejected">): string {
  const more = rejected > 0 ? `, ${formatCount(rejected)} rejected` : "";
  return `${plural(read, "record")} read, ${formatCount(added)} added${more}`;
}
