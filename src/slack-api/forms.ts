import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { AppError } from "../errors.ts";

/** How much of a message's richness is used. */
export interface Form {
  readonly images: boolean;
  /** Slack's table block, else the same in a fixed-width font. */
  readonly table: boolean;
  /** Without any blocks there is the text alone. */
  readonly blocks: boolean;
  /** How often the images were tried. */
  readonly tries: number;
}

/** Why Slack did not take a message; `part` where it says which. */
export interface Refusal {
  readonly error: string;
  readonly part: "image" | "table" | undefined;
}

const fullForm: Form = { images: true, table: true, blocks: true, tries: 1 };

const IMAGE_TRIES = { image: 3, unsaid: 2 } as const;

/**
 * What to send after a refusal, when there are `left` attempts: an image may only not be ready yet and is tried again;
 * a table that is refused never comes right. The last attempt is one that cannot be refused for its form.
 */
export function nextForm(form: Form, { part }: Refusal, left: number): Form {
  if (left <= 1) return { ...form, images: false, table: false, blocks: false };
  const canRetry = form.images && form.tries < IMAGE_TRIES[part === "image" ? "image" : "unsaid"];
  if (part === "image" && form.images) {
    return canRetry ? { ...form, tries: form.tries + 1 } : { ...form, images: false };
  }
  if (form.table) return { ...form, table: false };
  if (canRetry) return { ...form, tries: form.tries + 1 };
  if (form.images) return { ...form, images: false };
  return { ...form, blocks: false };
}

/** What a refusal says of the part of the message that is wrong. */
export function refusal(error: string, details: string): Refusal {
  if (/slack.?file|image|alt_text/i.test(details)) return { error, part: "image" };
  return { error, part: /table|raw_text/i.test(details) ? "table" : undefined };
}

/**
 * Sends the fullest form that Slack takes, and gives it. `attempt` sends one form and gives why it was refused, if it
 * was; `left` is how many attempts remain, `isWanted` whether it is to be sent at all by now.
 * @throws AppError when the simplest form is refused as well
 */
export async function sendFittest(
  attempt: (form: Form) => Promise<Refusal | undefined>,
  {
    left,
    pause,
    logger,
    isWanted = () => true,
  }: { left: () => number; pause: number; logger: Logger; isWanted?: (() => boolean) | undefined },
): Promise<Form> {
  let form = fullForm;
  for (;;) {
    if (!isWanted()) return form;
    const refused = await attempt(form);
    if (refused === undefined) return form;
    logger.warn({ refusal: refused, form }, "Slack refused an answer");
    if (left() <= 0 || !form.blocks) throw new AppError(`Slack refused the answer: ${refused.error}`);
    const next = nextForm(form, refused, left());
    if (next.tries > form.tries) await sleep(pause);
    form = next;
  }
}
