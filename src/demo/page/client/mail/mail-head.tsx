import type { MailDetails, SceneAddress } from "../../scene.ts";
import { momentOf } from "../words.ts";

/** Who wrote to whom, and when; behind "Details" the whole head as it came. */
export function MailHead({ details }: { details: MailDetails }) {
  const { from, to, date, headers, unsubscribe } = details;
  return (
    <div className="mail-head">
      <dl>
        <dt>From</dt>
        <dd>
          <Address of={from} />
        </dd>
        <dt>To</dt>
        <dd>
          {to.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an address can be there twice
            <span key={index}>
              {index > 0 && ", "}
              <Address of={each} />
            </span>
          ))}
        </dd>
        <dt>Date</dt>
        <dd>{momentOf(date)}</dd>
      </dl>
      {unsubscribe !== undefined && (
        <a className="press plain" href={unsubscribe} target="_blank" rel="noreferrer">
          Unsubscribe
        </a>
      )}
      <details>
        <summary>Details</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be within reach of the keyboard */}
        <section aria-label="All headers" tabIndex={0}>
          <pre>{headers.join("\n")}</pre>
        </section>
      </details>
    </div>
  );
}

/** Name and address apart: a name can be written from right to left. */
function Address({ of: { name, address } }: { of: SceneAddress }) {
  if (name === "") return <bdi>{address}</bdi>;
  return (
    <>
      <bdi>{name}</bdi> &lt;<bdi>{address}</bdi>&gt;
    </>
  );
}
