import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { anyText, link, plainText, text } from "./text.ts";

/** Slack's documentation says 150 today and said 75 before: the stricter. */
const value = text(75);

export const plainOption = z.strictObject({
  text: plainText(75),
  value,
  description: plainText(75).optional(),
});
export const overflowOption = plainOption.extend({ url: link.optional() });
export const richOption = z.strictObject({
  text: anyText(75),
  value,
  description: anyText(75).optional(),
});

export type Option = z.infer<typeof richOption>;

/** A list of options; equal values would make a choice ambiguous, so they are refused. */
export function optionList<T extends z.ZodType<Option>>(option: T, max: number) {
  return z
    .array(option)
    .min(1)
    .max(max)
    .refine((options) => new Set(options.map((each) => each.value)).size === options.length, {
      error: "option values must be unique",
    });
}

export const optionGroup = z.strictObject({ label: plainText(75), options: optionList(plainOption, 100) });

export const confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(["primary", "danger"]).optional(),
});

/** Whether every option chosen beforehand is one of those offered, to the letter. */
export function isOffered(chosen: readonly Option[], offered: readonly Option[]): boolean {
  return chosen.every((choice) => offered.some((option) => isDeepStrictEqual(option, choice)));
}
