import { useState } from "react";
import { userOf, useSeen } from "../scene-context.ts";
import type { Look } from "./mail-body.tsx";
import { MailList } from "./mail-list.tsx";
import { MailReader } from "./mail-reader.tsx";

/** What the app sends by e-mail to this person: the list, and beside it (on a phone instead of it) one mail. */
export function Mailbox({ id }: { id: string | undefined }) {
  const scene = useSeen();
  const { mails, address } = scene;
  const [look, setLook] = useState<Look>({ form: "html", hasPictures: true, isNarrow: false });
  const mail = mails.find((each) => each.id === id);
  return (
    <section className="place" aria-labelledby="place-title">
      <div className="place-head">
        <h1 id="place-title">Mailbox</h1>
        <p>
          {userOf(scene, scene.me).realName} · {address}
        </p>
      </div>
      {mails.length === 0 ? (
        <div className="empty">
          <h2>No e-mail yet</h2>
          <p>E-mails that the app sends arrive here instead of leaving this machine.</p>
        </div>
      ) : (
        <div className={id === undefined ? "mailbox" : "mailbox reading"}>
          <MailList current={id} />
          {mail ? (
            <MailReader key={mail.id} mail={mail} look={look} onLook={setLook} />
          ) : (
            <NoMail isGone={id !== undefined} />
          )}
        </div>
      )}
    </section>
  );
}

function NoMail({ isGone }: { isGone: boolean }) {
  return (
    <div className="reader empty">
      <h2>{isGone ? "This e-mail is no longer here" : "Choose an e-mail to read it"}</h2>
      <p>What arrives here never leaves this machine, and is gone when the demo ends.</p>
    </div>
  );
}
