import type { MailDetails, SceneMail } from "../../scene.ts";
import { Segments } from "./segments.tsx";

/** How mails are looked at. */
export interface Look {
  readonly form: "html" | "text";
  readonly hasPictures: boolean;
  /** As wide as a phone. */
  readonly isNarrow: boolean;
}

interface MailBodyProps {
  readonly mail: SceneMail;
  readonly details: MailDetails;
  readonly look: Look;
  onLook(look: Look): void;
}

const forms = { html: "HTML", text: "Plain text" } as const;
const widths = { full: "Full width", phone: "Phone" } as const;

/** What a mail says, as HTML in a frame of its own that can do nothing, or as plain text. */
export function MailBody({ mail, details, look, onLook }: MailBodyProps) {
  const { hasHtml, text } = details;
  const form = hasHtml && text !== undefined ? look.form : hasHtml ? "html" : "text";
  const { hasPictures, isNarrow } = look;
  const address = `${mail.url}${hasPictures ? "" : "?pictures=off"}`;
  return (
    <>
      <div className="look">
        {hasHtml && text !== undefined && (
          <Segments
            name="Look at it as"
            choices={forms}
            chosen={form}
            onChoose={(to) => onLook({ ...look, form: to })}
          />
        )}
        {form === "html" && (
          <>
            <Segments
              name="Width"
              choices={widths}
              chosen={isNarrow ? "phone" : "full"}
              onChoose={(to) => onLook({ ...look, isNarrow: to === "phone" })}
            />
            <label>
              <input
                type="checkbox"
                checked={hasPictures}
                onChange={({ target }) => onLook({ ...look, hasPictures: target.checked })}
              />
              Show pictures
            </label>
          </>
        )}
      </div>
      {form === "html" ? (
        <div className={isNarrow ? "frame narrow" : "frame"}>
          {/* Another one for another address: within the same one, it would be a step of the browser's history. */}
          <iframe
            key={address}
            src={address}
            title={`E-mail: ${mail.subject}`}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            referrerPolicy="no-referrer"
          />
        </div>
      ) : (
        <div className="mail-text" dir="auto">
          {linked(text ?? "")}
        </div>
      )}
    </>
  );
}

/** Text in which addresses of the web can be clicked. */
function linked(text: string) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place alone
      <a key={index} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ),
  );
}
