import { z } from "zod";

/** A string that is not empty and no longer than Slack allows. */
export const text = (max: number) => z.string().min(1).max(max);

export const plainText = (max: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: text(max), emoji: z.boolean().optional() });

export const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: text(max), verbatim: z.boolean().optional() });

export const anyText = (max: number) => z.discriminatedUnion("type", [plainText(max), mrkdwn(max)]);

export const identifier = text(255);

/** An address that a person's browser may be sent to. */
export const link = text(3000).refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
  error: "must be a valid URL",
});

/** An address that Slack's own servers fetch: this machine is not within their reach. */
export const publicImage = text(3000).refine(
  (value) =>
    URL.canParse(value) &&
    new URL(value).protocol === "https:" &&
    !/^(localhost|127\.|10\.|192\.168\.|\[)/.test(new URL(value).hostname),
  { error: "downloading image failed" },
);
