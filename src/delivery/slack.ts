import type { WebClient } from "@slack/web-api";
import type { Logger } from "pino";
import { formatSize } from "../domain/format.ts";
import type { Target } from "../domain/target.ts";
import { plural } from "../domain/words.ts";
import { DeliveryError, UsageError } from "../errors.ts";
import { pageOf } from "../messages/grid.ts";
import { escapeText } from "../messages/limits.ts";
import { buildMessage } from "../messages/report.ts";
import { uploadArchived } from "../slack-api/archived.ts";
import { patiently } from "../slack-api/client.ts";
import type { Conversations } from "../slack-api/conversations.ts";
import { type PictureDeps, uploadPictures } from "../slack-api/pictures.ts";
import type { Publisher } from "../slack-api/publish.ts";
import type { SlackUsers } from "../slack-api/users.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import type { Channel, Parcel } from "./channel.ts";
import { asked, notYet, slackFate } from "./slack-fate.ts";
import { findChannel, readChannel, readPerson } from "./slack-places.ts";

/** What sending to Slack takes. */
export interface SlackChannelDeps extends PictureDeps {
  readonly client: Pick<WebClient, "files">;
  /** Posts at most once: a message whose fate is unknown is not sent again. */
  readonly poster: Pick<Publisher, "post">;
  readonly users: Pick<SlackUsers, "user">;
  readonly conversations: Conversations;
  readonly store: Pick<Store, "archive" | "db">;
  readonly clock: () => number;
  readonly logger: Logger;
  /** Larger files, in bytes, are not uploaded. */
  readonly largest: number;
  /** A link to a file for one person; undefined where no address is known under which it would work. */
  readonly linkTo: ((file: ArchiveDocument, who: string) => string) | undefined;
}

const PERSON = /^@?([UW][A-Z0-9]{2,20})$/;
const CHANNEL = /^#?([CG][A-Z0-9]{5,20})$/;
const isPerson = ({ to }: Pick<Target, "to">): boolean => PERSON.test(to);

/** Channels, by the name or the id; and people, by the id, in their conversation with the app. */
export function createSlackChannel(deps: SlackChannelDeps): Channel {
  const { users, conversations } = deps;
  return {
    isOpen: (target) => !isPerson(target),
    async read(word, { me }) {
      if (word.toLowerCase() === "me") {
        if (me === undefined)
          throw new UsageError("“me” has no meaning in a terminal; name a channel or an e-mail");
        return readPerson(deps, me);
      }
      const [, person] = PERSON.exec(word) ?? [];
      if (person !== undefined) return readPerson(deps, person);
      if (word.startsWith("@"))
        throw new UsageError(
          `choose ${word.slice(0, 60)} from Slack’s list of people, so that I know who that is`,
        );
      const [, id] = CHANNEL.exec(word) ?? [];
      if (id !== undefined) return readChannel(deps, id, me);
      return word.startsWith("#") ? findChannel(deps, word.slice(1), me) : undefined;
    },
    async check(target) {
      if (isPerson(target)) {
        const user = await asked(() => users.user(target.to));
        if (user === undefined || user.isOutsider)
          throw closed("this person is not in the workspace any more");
        return user.isGuest ? "a guest of the workspace" : "a member of the workspace";
      }
      const channel = await asked(() => conversations.byId(target.to));
      if (channel === undefined)
        throw closed("I am not in this channel, or it is gone: invite me with /invite");
      if (channel.isArchived) throw closed("this channel is archived, so nothing can be posted here");
      if (channel.isForeign)
        throw closed("people of another organisation are in this channel, who may not see reports");
      if (!channel.isMember) throw closed("I am not in this channel: invite me with /invite");
      return "a channel that the app is in; its members will see it";
    },
    async send(target, parcel) {
      const ready = await prepare(deps, target, parcel).catch((error: unknown) => {
        // Nobody sees what was uploaded until it is posted.
        throw notYet(error);
      });
      if (parcel.signal.aborted) throw notYet(new Error("the time of the run is over"));
      const { channel, ts } = await deps.poster.post(target.to, ready.build).catch((error: unknown) => {
        throw slackFate(error);
      });
      const lacking = [...ready.lacking, ...(await attach(deps, ready.uploads, { channel, ts }))];
      return { reference: ts, ...(lacking.length > 0 ? { lacking: lacking.join("; ") } : {}) };
    },
  };
}

function closed(userMessage: string): DeliveryError {
  return new DeliveryError("not a target any more", { userMessage });
}

/** Everything that can be done before anybody sees it. */
async function prepare(deps: SlackChannelDeps, target: Target, parcel: Parcel) {
  const { store, client, clock, largest, linkTo } = deps;
  const { report, files, quiet, quietHeadline, schedule, kind } = parcel;
  const [page, pictures] = await Promise.all([pageOf(report, 0), uploadPictures(deps, report)]);
  const uploads: { readonly id: string; readonly title: string }[] = [];
  const links: string[] = [];
  const undrawn = report.charts.filter(({ id }) => pictures[id] === undefined).length;
  const lacking = undrawn > 0 ? [`${plural(undrawn, "chart")} could not be shown`] : [];
  for (const file of files) {
    if (file.size <= largest)
      uploads.push({ id: await uploadArchived(client, store, file), title: file.name });
    else if (linkTo !== undefined && isPerson(target)) links.push(`${file.name}: ${linkTo(file, target.to)}`);
    else lacking.push(`${file.name} has ${formatSize(file.size)}, which is too large for Slack`);
  }
  const why = kind === "test" ? "A test of what comes " : kind === "now" ? "Sent by hand; otherwise " : "";
  const by = PERSON.test(schedule.owner) ? `<@${schedule.owner}>` : escapeText(schedule.owner);
  const remark = [
    `${why}${escapeText(schedule.rule)}, set up by ${by} (${schedule.id})`,
    ...links.map(escapeText),
    ...lacking.map(escapeText),
  ].join("\n");
  return {
    uploads,
    lacking,
    build: (form: { readonly images: boolean; readonly table: boolean }) =>
      buildMessage(report, {
        now: new Date(clock()),
        page,
        files: form.images ? pictures : {},
        table: form.table ? "block" : "plain",
        quiet: { headline: quietHeadline, rows: quiet },
        remark,
      }),
  };
}

/** Puts the uploaded files into the message's thread; gives what is missing of it, since the message is there already. */
async function attach(
  { client, logger }: SlackChannelDeps,
  uploads: readonly { readonly id: string; readonly title: string }[],
  { channel, ts }: { readonly channel: string; readonly ts: string },
): Promise<string[]> {
  const [first, ...others] = uploads;
  if (first === undefined) return [];
  try {
    await patiently(() =>
      client.files.completeUploadExternal({
        files: [{ ...first }, ...others.map((file) => ({ ...file }))],
        channel_id: channel,
        thread_ts: ts,
      }),
    );
    return [];
  } catch (error) {
    logger.warn({ err: error, channel }, "the files of a report did not come into its thread");
    return ["its files did not come into the thread, or it is not known whether they did"];
  }
}
