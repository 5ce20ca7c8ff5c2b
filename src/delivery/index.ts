import type { ChannelName, Target } from "../domain/target.ts";
import { UsageError } from "../errors.ts";
import type { Channel } from "./channel.ts";

/** The ways to send that the settings allow. */
export type Channels = Partial<Readonly<Record<ChannelName, Channel>>>;

/** What may be typed where a report is to be sent, for help texts and error messages. */
export const targetExamples = "#channel, @person, me or boss@example.com";

/**
 * The place that a typed word means. `me` is the Slack id of whoever types, if they have one.
 * @throws UsageError with what would be right
 */
export async function readTarget(channels: Channels, word: string, me: string | undefined): Promise<Target> {
  for (const channel of Object.values(channels)) {
    const target = await channel.read(word, { me });
    if (target) return target;
  }
  if (channels.email === undefined && /^[^@\s]+@[^@\s]+$/.test(word)) {
    throw new UsageError(
      "e-mails are not set up: SMTP_URL, MAIL_FROM and MAIL_ALLOWED_DOMAINS have to be set",
    );
  }
  throw new UsageError(`“${word.slice(0, 60)}” is no place to send reports to; there are ${targetExamples}`);
}
