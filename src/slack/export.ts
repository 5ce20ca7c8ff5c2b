import type { WebClient } from "@slack/web-api";
import { exportReport, type FileOwner } from "../commands/export.ts";
import type { Links } from "../delivery/links.ts";
import { DAY } from "../domain/calendar.ts";
import { formatSize } from "../domain/format.ts";
import type { Report } from "../domain/report.ts";
import { AppError } from "../errors.ts";
import { type FileFacts, fileComment } from "../messages/files.ts";
import { buildText } from "../messages/notice.ts";
import { type FormatName, formats } from "../render/formats.ts";
import { createLimit } from "../render/limit.ts";
import { uploadArchived } from "../slack-api/archived.ts";
import { patiently } from "../slack-api/client.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { AnswerDeps, Person } from "./answer.ts";
import { isShared, type Target, tell } from "./show.ts";

export interface ExportDeps extends AnswerDeps {
  readonly client: Pick<WebClient, "chat" | "files">;
  /** Larger files, in bytes, are linked to. */
  readonly largest: number;
  /** Undefined where no address is known under which a link would work. */
  readonly links: Links | undefined;
}

/** Files take longer than answers, which are not to wait for them. */
export const inFileLine = createLimit({ running: 2, waiting: 30 });
/** Milliseconds after which whoever waits is told that something is made. */
const PATIENCE = 1_000;
const LINK_DAYS = 7;

/** Makes a file of a report and brings it to the person, in their conversation with the app. */
export async function deliverReport(
  deps: ExportDeps,
  person: Person,
  {
    report,
    format,
    owner,
  }: { readonly report: Report; readonly format: FormatName; readonly owner: FileOwner },
  target: Target | undefined,
): Promise<void> {
  const what = `${report.title}, ${report.period.label}, as ${formats[format].title}`;
  const told = tellSlowly(deps, `Making ${what}. It comes as a direct message.`, target);
  const renderDeps = { ...deps.commandDeps, drawPng: deps.charts.png };
  try {
    await inFileLine(async () => {
      await bring(deps, person, await exportReport(renderDeps, report, format, owner));
    });
  } finally {
    await told.stop();
  }
  if (isShared(person.where))
    await tell(deps, buildText(`${what}: it is in your direct messages with me.`), target);
}

/** Brings a file of the archive to the person, or a link to it. */
export async function bring(deps: ExportDeps, person: Person, file: ArchiveDocument): Promise<void> {
  const { client, commandDeps, links, largest } = deps;
  if (file.size > largest) {
    if (links === undefined) throw tooLarge(file, largest);
    const until = commandDeps.clock() + LINK_DAYS * DAY;
    const { userId: who, workspace } = person;
    const link = links.make(
      { file: file._id, who, until, ...(workspace === undefined ? {} : { workspace }) },
      file.name,
    );
    await post(
      deps,
      person,
      `${fileComment(factsOf(file))}\nToo large for Slack; for ${LINK_DAYS} days it is at ${link}`,
    );
    return;
  }
  const id = await uploadArchived(client, commandDeps.store, file);
  // Before the file, so that it stands above it; taken back where the file does not come after all.
  const { channel, ts } = await post(deps, person, fileComment(factsOf(file)));
  try {
    await patiently(() =>
      client.files.completeUploadExternal({ files: [{ id, title: file.name }], channel_id: channel }),
    );
  } catch (error) {
    if (ts !== undefined) await client.chat.delete({ channel, ts }).catch(() => undefined);
    throw error;
  }
}

/** What a message says of a file. */
export function factsOf({ _id, file, ...facts }: ArchiveDocument): FileFacts {
  return { ...facts, mark: _id, isThere: file !== null };
}

/** Posts to the person alone; gives the conversation. */
async function post(
  { client }: ExportDeps,
  { userId }: Person,
  text: string,
): Promise<{ readonly channel: string; readonly ts: string | undefined }> {
  const { channel, ts } = await patiently(() =>
    client.chat.postMessage({
      channel: userId,
      text,
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
    }),
  );
  if (channel === undefined) throw new AppError("Slack opened no conversation");
  return { channel, ts };
}

/** Says that it takes a while, once it does. */
function tellSlowly(deps: ExportDeps, text: string, target: Target | undefined): { stop(): Promise<void> } {
  let telling: Promise<void> | undefined;
  const timer = setTimeout(() => {
    telling = tell(deps, buildText(text), target).catch(() => undefined);
  }, PATIENCE);
  return {
    async stop() {
      clearTimeout(timer);
      await telling;
    },
  };
}

function tooLarge({ size }: ArchiveDocument, largest: number): AppError {
  return new AppError("a file is too large", {
    userMessage:
      `The file has ${formatSize(size)}, and files of more than ${formatSize(largest)} are not sent. ` +
      "Ask for a shorter period, or have PUBLIC_URL set so that I can link to it.",
  });
}
