import { useEffect, useRef } from "react";
import type { SceneMail } from "../../scene.ts";
import { hrefOf } from "../route.ts";
import { useSeen } from "../scene-context.ts";
import { whenOf } from "../words.ts";
import { useRead } from "./read-mails.ts";

/** All mails, the newest first; the unread ones stand out. */
export function MailList({ current }: { current: string | undefined }) {
  const { me, mails } = useSeen();
  const { isRead } = useRead(me);
  const list = useRef<HTMLElement>(null);
  const last = useRef(current);
  useEffect(() => {
    // Back from a mail that took the list's place, one goes on where one was.
    if (current === undefined && last.current !== undefined)
      list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(last.current)}"]`)?.focus();
    last.current = current;
  }, [current]);
  return (
    <nav className="mails" aria-label="E-mails" ref={list}>
      <ul>
        {mails.map((mail) => (
          <li key={mail.id}>
            <a
              href={hrefOf(me, "mail", mail.id)}
              data-id={mail.id}
              className={isRead(mail.id) ? undefined : "unread"}
              aria-current={mail.id === current ? "page" : undefined}
            >
              <Summary mail={mail} isUnread={!isRead(mail.id)} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Summary({ mail, isUnread }: { mail: SceneMail; isUnread: boolean }) {
  const { from, subject, preview, receivedAt, attachments } = mail;
  return (
    <>
      {isUnread && <span className="hidden">Unread: </span>}
      <span className="sender">
        <bdi>{from}</bdi>
        <time dateTime={new Date(receivedAt).toISOString()}>{whenOf(receivedAt)}</time>
      </span>
      <span className="subject">
        <span dir="auto">{subject || "(no subject)"}</span>
        {attachments.length > 0 && <PaperClip count={attachments.length} />}
      </span>
      <span className="preview" dir="auto">
        {preview}
      </span>
    </>
  );
}

function PaperClip({ count }: { count: number }) {
  const label = count === 1 ? "1 attachment" : `${count} attachments`;
  return (
    <svg viewBox="0 0 16 16" role="img" aria-label={label}>
      <path d="M11.5 5v6a3.5 3.5 0 0 1-7 0V4.2a2.4 2.4 0 0 1 4.8 0v6.3a1.2 1.2 0 0 1-2.4 0V5" />
    </svg>
  );
}
