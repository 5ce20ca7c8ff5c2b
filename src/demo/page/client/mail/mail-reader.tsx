import { useEffect, useRef, useState } from "react";
import type { MailDetails, SceneMail } from "../../scene.ts";
import { FileCard } from "../file-card.tsx";
import { hrefOf } from "../route.ts";
import { useSeen } from "../scene-context.ts";
import { read } from "../send.ts";
import { type Look, MailBody } from "./mail-body.tsx";
import { MailHead } from "./mail-head.tsx";
import { useRead } from "./read-mails.ts";

interface MailReaderProps {
  readonly mail: SceneMail;
  readonly look: Look;
  onLook(look: Look): void;
}

/** One mail, which thereby is read. */
export function MailReader({ mail, look, onLook }: MailReaderProps) {
  const { me } = useSeen();
  const { markRead } = useRead(me);
  const [details, setDetails] = useState<MailDetails | { readonly error: string }>();
  const subject = useRef<HTMLHeadingElement>(null);
  const { id, url } = mail;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for a mail
  useEffect(() => {
    markRead(id);
    void read<MailDetails>(`${url}/details`).then(setDetails);
    // Where the list gives way to the mail, what had the focus is gone.
    if (document.querySelector(".mails")?.checkVisibility() === false) subject.current?.focus();
  }, [id]);
  return (
    <article className="reader" aria-labelledby="mail-subject">
      <a className="back" href={hrefOf(me, "mail")}>
        ‹ All e-mails
      </a>
      <h2 id="mail-subject" ref={subject} tabIndex={-1} dir="auto">
        {mail.subject || "(no subject)"}
      </h2>
      {details && "error" in details && <p role="alert">{details.error}</p>}
      {details && !("error" in details) && (
        <>
          <MailHead details={details} />
          {details.files.length > 0 && (
            <section className="attachments" aria-label="Attachments">
              {details.files.map((file) => (
                <FileCard key={file.id} file={file} />
              ))}
            </section>
          )}
          <MailBody mail={mail} details={details} look={look} onLook={onLook} />
        </>
      )}
    </article>
  );
}
