import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { createLog } from "../workspace/bounded.ts";
import { waitFor } from "../workspace/waiting.ts";
import { createFaults, type Fault, type Faulty } from "./faults.ts";
import { type Mail, readMail } from "./mail.ts";
import { listen } from "./server.ts";

export type { Failure, Fault, Faulty, Stage, Step } from "./faults.ts";
export { type Envelope, type Mail, type MailAddress, type MailAttachment, replaceCids } from "./mail.ts";
export { largestMail } from "./server.ts";

export interface MailboxOptions {
  /** 0, which is also what is meant by none, takes a free one. */
  readonly port?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Asked at every step of every delivery; random faults come from here. */
  readonly faults?: Faulty;
  /** How many mails are kept; older ones are forgotten. */
  readonly keep?: number;
}

/** That a message was taken, also where the sender did not learn it. */
export interface Receipt extends Pick<Mail, "id" | "receivedAt" | "envelope" | "messageId" | "size"> {
  /** The code that the sender was told; absent where the answer was lost. */
  readonly answer?: number;
}

/** Everybody's mail. What it gives is a snapshot. */
export interface Mailbox {
  /** Where to deliver, such as `smtp://127.0.0.1:2525`. */
  readonly smtpUrl: string;
  /** The newest first; only those to this address, by the envelope and whatever its case, where one is given. */
  mails(address?: string): readonly Mail[];
  find(id: string): Mail | undefined;
  /** The newest mail that fits, of those there are or of those to come within so many milliseconds. */
  waitForMail(fits: (mail: Mail) => boolean, timeout?: number): Promise<Mail>;
  /** Has every mail told; gives what ends that. */
  on(event: "change", listener: (mail: Mail) => void): () => void;
  /**
   * The next `times` deliveries (at `rcpt`: recipients) that come to its stage meet the fault. Throws RangeError for
   * a code that is no failure.
   */
  fail(fault: Fault, times?: number): void;
  clearFaults(): void;
  /** All that was ever taken, oldest first, of which the newest 10,000 are kept. */
  readonly received: readonly Receipt[];
  close(): Promise<void>;
}

const MOST_MAILS = 500;
/** Older mails are forgotten beyond that many. */
const MOST_BYTES = 250_000_000;
const MOST_RECEIPTS = 10_000;
const PATIENCE = 30_000;

/**
 * Starts a mailbox for whatever address on the loopback address: an SMTP server that delivers nowhere.
 *
 * ```ts
 * const mailbox = await createMailbox();
 * mailbox.fail({ at: "taken", drop: true });
 * await send(mailbox.smtpUrl); // fails, though the mail is there
 * const [mail] = mailbox.mails("zoe.angstrom@example.com");
 * await mailbox.close();
 * ```
 */
export async function createMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { port = 0, now = Date.now, keep = MOST_MAILS } = options;
  const faults = createFaults(options.faults);
  const changes = new EventEmitter<{ change: [Mail] }>().setMaxListeners(0);
  const receipts = createLog<Receipt>(MOST_RECEIPTS);
  let kept: readonly Mail[] = [];
  const server = await listen({
    port,
    meet: faults.meet,
    async take(raw, envelope) {
      const mail = await readMail(raw, { id: randomUUID(), receivedAt: now(), envelope });
      kept = bounded([mail, ...kept].slice(0, keep));
      changes.emit("change", mail);
      const { id, receivedAt, messageId, size } = mail;
      return (answer) =>
        receipts.push({
          ...{ id, receivedAt, envelope, size },
          ...(messageId !== undefined && { messageId }),
          ...(answer !== undefined && { answer }),
        });
    },
  });
  return {
    smtpUrl: server.url,
    mails(address) {
      const wanted = address?.toLowerCase();
      if (wanted === undefined) return kept;
      return kept.filter(({ envelope }) => envelope.to.some((each) => each.toLowerCase() === wanted));
    },
    find: (id) => kept.find((mail) => mail.id === id),
    waitForMail: (fits, timeout = PATIENCE) =>
      waitFor(
        changes,
        () => kept.find(fits),
        timeout,
        () => `${kept.length} mails: ${kept.slice(0, 5).map(({ subject }) => JSON.stringify(subject))}`,
      ),
    on(event, listener) {
      changes.on(event, listener);
      return () => changes.off(event, listener);
    },
    fail: (fault, times = 1) => faults.add(fault, times),
    clearFaults: faults.clear,
    get received() {
      return receipts.items();
    },
    close: server.close,
  };
}

function bounded(mails: readonly Mail[]): readonly Mail[] {
  let bytes = 0;
  return mails.filter(({ size }, index) => {
    bytes += size;
    return index === 0 || bytes <= MOST_BYTES;
  });
}
