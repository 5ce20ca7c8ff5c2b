import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { DAY } from "../domain/calendar.ts";
import type { Chart, ChartId, Report } from "../domain/report.ts";
import { plural } from "../domain/words.ts";
import { buildEmail, type EmailFile } from "../messages/email.ts";
import { SLACK_ID } from "../messages/files.ts";
import { openArchived } from "../store/archive.ts";
import type { ArchiveDocument } from "../store/documents.ts";
import type { Store } from "../store/open.ts";
import type { Parcel, Receipt } from "./channel.ts";
import type { Links } from "./links.ts";
import { domainOf, splitSender } from "./mail-address.ts";
import type { Mail } from "./mailer.ts";
import type { UnsubscribeLinks } from "./unsubscribe.ts";

export interface ComposeDeps {
  /** `Vault Usage <usage@example.com>`, or the address alone. */
  readonly from: string;
  /** Bytes of a whole e-mail; files that do not fit are linked to. */
  readonly largestMail: number;
  readonly store: Pick<Store, "archive" | "db">;
  /** Undefined where no address is known under which a link would work. */
  readonly links?: Links | undefined;
  readonly unsubscribe?: Pick<UnsubscribeLinks, "make"> | undefined;
  /** What readers call whoever set a schedule up; somebody in Slack is otherwise not named. */
  ownerName?(owner: string, workspace: string | undefined): Promise<string | undefined>;
  drawPng(chart: Chart, options: Pick<Report, "period" | "asOf">): Promise<Uint8Array>;
  readonly clock: () => number;
  readonly logger: Pick<Logger, "warn">;
}

type Attachments = NonNullable<Mail["attachments"]>;

const LINK_DAYS = 30;
const UNSUBSCRIBE_DAYS = 400;
/** Bytes kept free for the texts of an e-mail. */
const TEXTS = 128 * 1_024;

/** Bytes in an e-mail: base64 in lines of 76 characters. */
const encodedSize = (bytes: number): number => Math.ceil(bytes / 57) * 78;

/** A parcel as an e-mail to one address, and what can be said of it once it is sent. */
export async function composeEmail(
  deps: ComposeDeps,
  to: string,
  parcel: Parcel,
): Promise<{ readonly mail: Mail; readonly receipt: Receipt }> {
  const { report, schedule, kind } = parcel;
  const from = splitSender(deps.from);
  const domain = domainOf(from.address);
  const id = randomUUID();
  const { pictures, images } = await drawPictures(deps, report, `${id}@${domain}`);
  const room = images.reduce(
    (left, { content }) => left - encodedSize(content.length),
    deps.largestMail - TEXTS,
  );
  const { files, attached } = placeFiles(deps, to, parcel.files, room);
  const until = deps.clock() + UNSUBSCRIBE_DAYS * DAY;
  const unsubscribe = deps.unsubscribe?.make({ schedule: schedule.id, email: to, until });
  const { subject, html, text } = await buildEmail({
    report,
    quiet: parcel.quiet,
    quietHeadline: parcel.quietHeadline,
    pictures,
    files,
    rule: schedule.rule,
    owner: await ownerOf(deps, schedule),
    unsubscribe,
    kind,
  });
  const reference = `<${id}@${domain}>`;
  const mail: Mail = {
    from,
    to,
    subject,
    html,
    text,
    messageId: reference,
    date: new Date(deps.clock()),
    attachments: [...images, ...attached],
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      // One click is for https alone (RFC 8058, 3.1).
      ...(unsubscribe?.startsWith("https:") ? { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" } : {}),
    },
    list: {
      id: { url: `${schedule.id.replace(/[^\w-]/g, "-")}.vault-usage.${domain}`, comment: "Vault Usage" },
      unsubscribe: unsubscribe ?? `mailto:${from.address}?subject=unsubscribe`,
    },
  };
  const lacking = lackingText(report.charts.length - images.length, files);
  return { mail, receipt: { reference, ...(lacking === "" ? {} : { lacking }) } };
}

/** What was drawn of reports, which go to several addresses each. */
const drawings = new WeakMap<Report, ReturnType<typeof drawCharts>>();

/** The report's charts. One that fails is left out: the numbers matter more. */
async function drawCharts(deps: ComposeDeps, { charts, period, asOf }: Report) {
  const drawn = charts.map(async (chart) => {
    try {
      return [{ id: chart.id, content: Buffer.from(await deps.drawPng(chart, { period, asOf })) }];
    } catch (error) {
      deps.logger.warn({ err: error, chart: chart.id }, "a chart is left out of an e-mail");
      return [];
    }
  });
  return (await Promise.all(drawn)).flat();
}

/** The pictures of the report's charts, as one e-mail has them. */
async function drawPictures(deps: ComposeDeps, report: Report, idEnd: string) {
  const drawing = drawings.get(report) ?? drawCharts(deps, report);
  drawings.set(report, drawing);
  const images = (await drawing).map(({ id, content }) => ({
    filename: `${id}.png`,
    content,
    contentType: "image/png",
    contentDisposition: "inline" as const,
    cid: `${id}.${idEnd}`,
    id,
  }));
  const pictures: Partial<Record<ChartId, string>> = Object.fromEntries(
    images.map(({ id, cid }) => [id, cid]),
  );
  return { pictures, images: images.map(({ id, ...image }) => image) };
}

/** Attaches the files, one after the other, for which there is room; to the others it links, if it can. */
function placeFiles(
  { store, links, clock }: ComposeDeps,
  to: string,
  given: readonly ArchiveDocument[],
  room: number,
): { readonly files: EmailFile[]; readonly attached: Attachments } {
  const attached: Attachments = [];
  const until = clock() + LINK_DAYS * DAY;
  let left = room;
  const files = given.map(({ _id, file, name, size, sha256, mediaType }): EmailFile => {
    const needed = encodedSize(size);
    if (needed <= left) {
      const content = openArchived(store, { file });
      if (content !== undefined) {
        left -= needed;
        attached.push({ filename: name, content, contentType: mediaType });
        return { name, size, sha256, place: "attached" };
      }
    }
    if (links === undefined || file === null) return { name, size, sha256, place: "missing" };
    const url = links.make({ file: _id, who: to, until }, name);
    return { name, size, sha256, place: { url, until: new Date(until) } };
  });
  return { files, attached };
}

async function ownerOf(
  { ownerName }: ComposeDeps,
  { owner, workspace }: Parcel["schedule"],
): Promise<string> {
  const name = await ownerName?.(owner, workspace);
  return name ?? (SLACK_ID.test(owner) ? "somebody in Slack" : owner);
}

function lackingText(charts: number, files: readonly EmailFile[]): string {
  const missing = files.filter(({ place }) => place === "missing");
  return [
    ...(charts > 0 ? [`${plural(charts, "chart")} could not be drawn.`] : []),
    ...(missing.length > 0
      ? [`${plural(missing.length, "file")} did not fit; links to them take PUBLIC_URL and LINK_SECRET.`]
      : []),
  ].join(" ");
}
