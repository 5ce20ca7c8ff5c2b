import { useState } from "react";
import { useSeen } from "../scene-context.ts";

/** Has mails read out that come while the page is open, wherever one is. */
export function MailAnnouncer() {
  const [newest] = useSeen().mails;
  const [before] = useState(newest?.id);
  return (
    <p className="hidden" aria-live="polite">
      {newest && newest.id !== before && `New e-mail from ${newest.from}: ${newest.subject}`}
    </p>
  );
}
