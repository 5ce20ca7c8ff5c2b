import type { Mail, MailAttachment } from "../mailbox/index.ts";
import type { MailDetails, SceneFile, SceneMail } from "./scene.ts";
import { seeBytes } from "./see-file.ts";

/** A mail for the list. */
export function seeMail(userId: string, mail: Mail): SceneMail {
  const { id, from, subject, preview, receivedAt } = mail;
  return {
    id,
    from: from.name || from.address,
    subject,
    preview,
    receivedAt,
    attachments: mail.attachments
      .filter(({ inline }) => !inline)
      .map(({ name, size }) => ({ name, bytes: size })),
    url: urlOf(userId, id),
  };
}

/** The rest of it. */
export function seeDetails(userId: string, mail: Mail): MailDetails {
  const { from, to, date, headers, text, html } = mail;
  const unsubscribe = unsubscribeUrl(headers);
  return {
    from,
    to,
    date,
    headers,
    hasHtml: html !== undefined,
    ...(text !== undefined && { text }),
    ...(unsubscribe !== undefined && { unsubscribe }),
    files: mail.attachments.flatMap((attachment, index) =>
      attachment.inline ? [] : [seeAttachment(`${urlOf(userId, mail.id)}/${index}`, attachment)],
    ),
  };
}

const urlOf = (userId: string, id: string): string =>
  `/mail/${encodeURIComponent(userId)}/${encodeURIComponent(id)}`;

function seeAttachment(url: string, { name, content }: MailAttachment): SceneFile {
  return { id: url, title: name, url, altText: "", ...seeBytes(name, content) };
}

/** By RFC 2369: addresses in angle brackets, of which a browser can open those of the web. */
function unsubscribeUrl(headers: readonly string[]): string | undefined {
  const [, list = ""] =
    headers.map((line) => /^List-Unsubscribe:([\s\S]*)$/i.exec(line)).find((match) => match) ?? [];
  const urls = [...list.replace(/\s/g, "").matchAll(/<([^<>]+)>/g)].map(([, url = ""]) => url);
  return urls.find((url) => /^https?:/i.test(url) && URL.canParse(url));
}
