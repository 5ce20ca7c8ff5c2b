import type { ServerResponse } from "node:http";
import { type Mail, type Mailbox, replaceCids } from "../mailbox/index.ts";
import { activePerson } from "../workspace/acting/person.ts";
import type { Workspace } from "../workspace/index.ts";
import { sendFile } from "./files.ts";
import { seeDetails } from "./see-mail.ts";
import { sendJson } from "./send-json.ts";

/** What is asked for: of one of this person's mails the body, or `details`, or an attachment by its number. */
export interface MailRequest {
  readonly userId: string;
  readonly id: string;
  readonly part: string;
  /** Whether the body shows its pictures. */
  readonly pictures: boolean;
}

/** Sends a mail, or a part of it. Throws ActingError for nobody who can act. */
export function serveMail(
  workspace: Workspace,
  mailbox: Mailbox | undefined,
  { userId, id, part, pictures }: MailRequest,
  response: ServerResponse,
): void {
  const { email } = activePerson(workspace, userId);
  const mail = mailbox?.mails(email).find((each) => each.id === id);
  if (mail !== undefined && part === "details") return void sendJson(response, seeDetails(userId, mail));
  if (mail?.html !== undefined && part === "") return void sendBody(mail, mail.html, pictures, response);
  const attachment = /^\d{1,4}$/.test(part) ? mail?.attachments[Number(part)] : undefined;
  if (attachment === undefined) return void response.writeHead(404).end("there is no such mail");
  sendFile(attachment.name, attachment.content, response);
}

/**
 * A mail's HTML is a stranger's. It runs nothing, submits nothing and loads nothing, not even from this page: the
 * pictures that came with it are put into it. By itself it is in a sandbox as well as in the page's frame.
 */
function sendBody(mail: Mail, html: string, pictures: boolean, response: ServerResponse): void {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(pictures ? ["img-src data:"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-popups allow-popups-to-escape-sandbox",
  ];
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
  });
  const body = pictures ? replaceCids(html, (cid) => pictureAddress(mail, cid)) : html;
  // Behind the doctype, without which browsers draw as in 1998; the first base wins.
  response.end(body.replace(/^\s*(?:<!doctype[^>]*>)?/i, (start) => `${start}<base target="_blank">`));
}

function pictureAddress({ attachments }: Mail, cid: string): string | undefined {
  const picture = attachments.find((attachment) => attachment.cid === cid);
  if (picture === undefined || !/^image\/[\w.+-]+$/.test(picture.type)) return undefined;
  return `data:${picture.type};base64,${picture.content.toString("base64")}`;
}
