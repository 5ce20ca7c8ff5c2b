import { type Attachment, simpleParser } from "mailparser";
import { previewOf } from "./preview.ts";

export interface MailAddress {
  /** Empty where there is none. */
  readonly name: string;
  readonly address: string;
}

export interface MailAttachment {
  readonly name: string;
  /** The media type that the mail says, such as `application/pdf`. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly cid?: string;
  /** Whether the HTML shows it by its `cid`. */
  readonly inline: boolean;
  readonly content: Buffer;
}

/** Who handed it in, and for whom, whatever the headers say. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** A mail that was taken. */
export interface Mail {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** By its own header, in milliseconds since the epoch; when it was received, where it has none. */
  readonly date: number;
  readonly envelope: Envelope;
  /** The lines of the head as they came, each with its folds. */
  readonly headers: readonly string[];
  readonly messageId?: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly subject: string;
  /** The part in plain text; none is made from the HTML. */
  readonly text?: string;
  /** As sent, with its `cid:` addresses. */
  readonly html?: string;
  readonly preview: string;
  readonly attachments: readonly MailAttachment[];
  /** Of all of it as it came, in bytes. */
  readonly size: number;
}

/** Reads a mail of RFC 5322. Throws where the library cannot. */
export async function readMail(
  raw: Buffer,
  known: Pick<Mail, "id" | "receivedAt" | "envelope">,
): Promise<Mail> {
  const parsed = await simpleParser(raw, {
    keepCidLinks: true,
    checksumAlgo: "sha256",
    skipHtmlToText: true,
    skipTextToHtml: true,
  });
  const { messageId, subject = "", date, headerLines } = parsed;
  const html = parsed.html || undefined;
  const text = parsed.text || undefined;
  const to = [parsed.to ?? []].flat().flatMap(({ value }) => value.map(addressOf));
  return {
    ...known,
    date: date && !Number.isNaN(date.valueOf()) ? date.valueOf() : known.receivedAt,
    headers: headerLines.map(({ line }) => line),
    from: addressOf(parsed.from?.value[0] ?? { address: known.envelope.from }),
    to: to.length > 0 ? to : known.envelope.to.map((address) => addressOf({ address })),
    subject,
    preview: previewOf(html, text),
    attachments: parsed.attachments.map((attachment, index) => attachmentOf(attachment, index, html)),
    size: raw.length,
    ...(messageId !== undefined && { messageId }),
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
  };
}

function addressOf({
  name = "",
  address = "",
}: {
  name?: string;
  address?: string | undefined;
}): MailAddress {
  return { name, address };
}

function attachmentOf(
  { filename, contentType: type, size, checksum: sha256, cid, content }: Attachment,
  index: number,
  html = "",
): MailAttachment {
  return {
    name: filename ?? `attachment-${index + 1}`,
    type,
    size,
    sha256,
    ...(cid !== undefined && { cid }),
    inline: cid !== undefined && cidsIn(html).has(cid),
    content,
  };
}

/** An address of a part within HTML or its style; the name is encoded as in any address. */
const reference = /\bcid:([^'"\s)>]{1,256})/gi;

function cidsIn(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(reference)].map(([, name = ""]) => decoded(name)));
}

/** The HTML with another address in place of each `cid:`, where there is one. */
export function replaceCids(html: string, addressFor: (cid: string) => string | undefined): string {
  return html.replace(reference, (whole, name: string) => addressFor(decoded(name)) ?? whole);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
